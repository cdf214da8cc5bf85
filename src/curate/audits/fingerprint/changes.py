"""What a filter or a rewrite changed in who wrote a corpus.

Every number is of rows whose prompt the probe that judged them had not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint import mixtures
from curate.audits.fingerprint.estimates import Estimate, Outcome, difference, share
from curate.audits.fingerprint.matching import Matched
from curate.audits.fingerprint.material import LEAST, Material, numbered
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.probes import Answer
from curate.audits.fingerprint.separation import Split
from curate.fitting.fingerprint.samples import Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

BEFORE, AFTER = "rows before", "rows after"
"""What they are asked under."""


class Kept(BaseModel):
    """How well one probe names the declared teachers of the rows before and of those after."""

    model_config = ConfigDict(frozen=True)

    before: Estimate
    after: Estimate
    change: Estimate
    guessing: float
    """What always naming the commonest of these teachers would reach after."""


class Rewritten(BaseModel):
    """As whose the rewritten rows are named, before and after."""

    model_config = ConfigDict(frozen=True)

    rows: int
    """With a declared teacher that the probe knows."""
    old_before: Estimate
    """Share named as the teacher declared before."""
    old_after: Estimate
    old_change: Estimate
    new_before: Estimate | None
    """Share named as the teacher declared after; None where that is the same, or not known."""
    new_after: Estimate | None
    new_own: float | None
    """Share of the new teachers' own responses, held out of the corpora, named as theirs."""
    verdict: Literal["changed", "not shown"]
    """`changed`: they are named as the old teacher's less often than before, beyond chance."""


class Changes(BaseModel):
    """A corpus before and after."""

    model_config = ConfigDict(frozen=True)

    rows_before: int
    rows_after: int
    unchanged: int
    rewritten: int
    gone: int
    new: int
    declared_before: dict[str, float]
    """Teacher -> share of the rows that declare it; those that declare none are `(none)`."""
    declared_after: dict[str, float]
    strangers: tuple[str, ...]
    """Declared teachers that the probe does not know: it takes their rows for others'."""
    before: Mixture | None
    """Estimated; None where there are too few rows to say."""
    after: Mixture | None
    kept: Kept | None
    """None where fewer than 30 rows before or after declare a teacher that the probe knows."""
    rewrite: Rewritten | None
    """None where fewer than 30 rows were rewritten."""


def ask(material: Material, split: Split, matched: Matched) -> dict[str, list[str]]:
    """Return what the probe of a split is asked."""
    return mixtures.ask(material, split, BEFORE, matched.before) | mixtures.ask(
        material, split, AFTER, matched.after
    )


def read(
    material: Material,
    drawn: Sequence[Split],
    answers: Mapping[str, Answer],
    matched: Matched,
    recall: Mapping[str, Estimate | None],
) -> Changes:
    """Return what changed; `recall` is how often each teacher's own responses are named as its."""
    looks = [_look(material, split, answers[split.name], matched) for split in drawn]
    return Changes(
        rows_before=len(matched.before),
        rows_after=len(matched.after),
        unchanged=len(matched.same),
        rewritten=len(matched.rewritten),
        gone=matched.gone,
        new=matched.new,
        declared_before=_declared(matched.before),
        declared_after=_declared(matched.after),
        strangers=_strangers(material, matched),
        before=mixtures.read(material, drawn, answers, BEFORE, matched.before, BEFORE),
        after=mixtures.read(material, drawn, answers, AFTER, matched.after, AFTER),
        kept=_kept(material, looks, matched),
        rewrite=_rewrite(material, looks, matched, recall),
    )


class _Look(NamedTuple):
    """As whose one split's probe names the rows before and after; -2: it was not asked."""

    before: Ints
    after: Ints


def _look(material: Material, split: Split, answer: Answer, matched: Matched) -> _Look:
    import numpy as np

    named = []
    for name, samples in ((BEFORE, matched.before), (AFTER, matched.after)):
        whole = np.full(len(samples), -2, np.int64)
        if name in answer.guesses:
            places = mixtures.unseen(material, split, samples)
            whole[places] = answer.named(name, material.teachers)
        named.append(whole)
    return _Look(*named)


def _kept(material: Material, looks: Sequence[_Look], matched: Matched) -> Kept | None:
    import numpy as np

    prompts = _prompts(matched)
    count = len(matched.before)
    numbers = np.arange(count, count + len(matched.after))
    for earlier, later in matched.same:
        numbers[later] = earlier
    sides = []
    for samples, rows, own, named in (
        (matched.before, np.arange(count), prompts[:count], [look.before for look in looks]),
        (matched.after, numbers, prompts[count:], [look.after for look in looks]),
    ):
        truth = _truth(material, samples)
        sides.append([_tested(rows, own, truth, each) for each in named])
    before, after = (share(side) for side in sides)
    change = difference(sides[1], sides[0])
    if not before or not after or not change or min(before.count, after.count) < LEAST:
        return None
    left = truth[truth >= 0]
    guessing = float(np.bincount(left).max() / len(left))
    return Kept(before=before, after=after, change=change, guessing=round(guessing, 6))


def _rewrite(
    material: Material,
    looks: Sequence[_Look],
    matched: Matched,
    recall: Mapping[str, Estimate | None],
) -> Rewritten | None:
    import numpy as np

    earlier, later = np.array(matched.rewritten, np.int64).reshape(-1, 2).T
    prompts = _prompts(matched)[earlier]
    old = _truth(material, matched.before)[earlier]
    new = _truth(material, matched.after)[later]
    new = np.where(new == old, -1, new)

    said_before = [look.before[earlier] for look in looks]
    said_after = [look.after[later] for look in looks]

    def found(truth: Ints, said: Sequence[Ints]) -> list[Outcome]:
        return [_tested(earlier, prompts, truth, named) for named in said]

    before, after = share(found(old, said_before)), share(found(old, said_after))
    change = difference(found(old, said_after), found(old, said_before))
    if not before or not after or not change or before.count < LEAST:
        return None
    return Rewritten(
        rows=int((old >= 0).sum()),
        old_before=before,
        old_after=after,
        old_change=change,
        new_before=share(found(new, said_before)),
        new_after=share(found(new, said_after)),
        new_own=_own(material, new[new >= 0].tolist(), recall),
        verdict="changed" if change.high < 0 else "not shown",
    )


def _own(
    material: Material, teachers: Sequence[int], recall: Mapping[str, Estimate | None]
) -> float | None:
    """Return the mean recall of teachers, which may repeat."""
    known = [recall[material.teachers[teacher]] for teacher in teachers]
    values = [each.value for each in known if each is not None]
    return round(sum(values) / len(values), 6) if values else None


def _strangers(material: Material, matched: Matched) -> tuple[str, ...]:
    declared = {sample.teacher for sample in (*matched.before, *matched.after)}
    return tuple(sorted(name for name in declared if name and name not in material.teachers))


def _tested(rows: Ints, prompts: Ints, truth: Ints, named: Ints) -> Outcome:
    """Return the hits of the rows that were asked about and whose teacher is known."""
    import numpy as np

    usable = (truth >= 0) & (named > -2)
    hits = (named == truth)[usable].astype(np.float64)
    return Outcome(rows[usable], prompts[usable], hits)


def _truth(material: Material, samples: Sequence[Sample]) -> Ints:
    """Return the place of the declared teachers; -1 where the probe does not know it."""
    import numpy as np

    places = {name: place for place, name in enumerate(material.teachers)}
    return np.array([places.get(each.teacher or "", -1) for each in samples], np.int64)


def _prompts(matched: Matched) -> Ints:
    return numbered([sample.prompt for sample in (*matched.before, *matched.after)])


def _declared(samples: Sequence[Sample]) -> dict[str, float]:
    counts: defaultdict[str, int] = defaultdict(int)
    for sample in samples:
        counts[sample.teacher or "(none)"] += 1
    return {name: round(count / len(samples), 6) for name, count in sorted(counts.items())}
