"""What an audit cannot say, and what its numbers may not be read as."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.material import LEAST, Material
from curate.audits.fingerprint.mixtures import Mixture
from curate.audits.fingerprint.separation import Separation
from curate.audits.fingerprint.shift import Source
from curate.fitting.fingerprint.samples import Sample
from curate.records import normalise

_SHARED = 0.5
"""Share of a teacher's rows that need a prompt (or source) of another teacher's too."""
_REPEATED = 0.1
_NUMBERS = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W_]+")


class Caution(BaseModel):
    """One thing a reader must know before using a number."""

    model_config = ConfigDict(frozen=True)

    code: str
    """One of: `one_teacher`, `few_rows`, `few_known`, `few_unseen`, `own_prompts`, `own_sources`,
    `same_texts`, `chance`, `one_source`, `shift`, `unlike`."""
    told: str


def before(material: Material) -> Iterator[Caution]:
    """Yield what the rows alone show."""
    for teacher, (rows, prompts) in material.few.items():
        yield Caution(
            code="few_rows",
            told=f"{teacher} is left out: {rows:,} rows on {prompts:,} prompts; at least {LEAST} "
            "prompts are needed",
        )
    if len(material.teachers) < 2:
        yield Caution(
            code="one_teacher",
            told=f"{len(material.teachers)} teachers have enough rows; nothing can be told apart "
            "with fewer than two",
        )
        return
    if len(material.teachers) == 2:
        yield Caution(
            code="few_known",
            told="with two teachers none can be left out: how often a third one would be taken for "
            "one of them is not measured",
        )
    yield from _confounded(material)
    yield from _repeated(material.samples)


def unjudged(mixtures: Sequence[str]) -> Iterator[Caution]:
    """Yield a caution for each mixture that no probe could judge."""
    for name in mixtures:
        yield Caution(
            code="few_unseen",
            told=f"{name}: fewer than {LEAST} rows have a prompt that a probe was not trained on; "
            "who wrote them is not said",
        )


def after(
    separation: Separation, sources: Sequence[Source], mixtures: Sequence[Mixture]
) -> Iterator[Caution]:
    """Yield what the results show."""
    if separation.accuracy.low <= max(separation.chance, separation.commonest):
        yield Caution(
            code="chance",
            told="the accuracy may be chance: its interval holds what guessing reaches",
        )
    if not sources:
        yield Caution(
            code="one_source",
            told="no source was left out: the accuracy holds for rows of the same kind only; "
            "expect less on other kinds of prompts",
        )
    shifted = [source for source in sources if source.shifted]
    if shifted:
        worst = min(shifted, key=lambda source: source.change.value if source.change else 0.0)
        assert worst.at_home is not None  # noqa: S101  (it has a change)
        yield Caution(
            code="shift",
            told=f"on {len(shifted)} of {len(sources)} sources a probe that was not trained on "
            f"them is worse than one that was, most on {worst.source}: {worst.accuracy.value:.3f} "
            f"against {worst.at_home.value:.3f}; the accuracy does not carry over to other kinds "
            "of prompts",
        )
    for mixture in mixtures:
        if mixture.unlike:
            yield Caution(
                code="unlike",
                told=f"{mixture.name}: no mixture of these teachers would be taken for them in "
                "this way; a teacher that is not in the corpora, or another kind of prompts, "
                "would look like that, and the shares are then wrong",
            )


def _confounded(material: Material) -> Iterator[Caution]:
    """Yield the ways in which something else than style may tell the teachers apart."""
    by_prompt = _shared(material, [sample.prompt for sample in material.samples])
    own = [teacher for teacher, shared in by_prompt.items() if shared < _SHARED]
    if not own:
        return
    yield Caution(
        code="own_prompts",
        told=f"{_names(own)}: most of their prompts were put to no other teacher, so what tells "
        "them apart may be what they were asked and not how they answer",
    )
    sources = [str(sample.source) for sample in material.samples]
    if len(set(sources)) > 1:
        by_source = _shared(material, sources)
        alone = [teacher for teacher in own if by_source[teacher] < _SHARED]
        if alone:
            yield Caution(
                code="own_sources",
                told=f"{_names(alone)}: most of their rows come from sources that have no other "
                "teacher, so what tells them apart may be the source",
            )


def _shared(material: Material, keys: Sequence[str]) -> dict[str, float]:
    """Return, for each teacher, the share of its rows whose key another teacher's rows have too."""
    teachers: defaultdict[str, set[str]] = defaultdict(set)
    rows = [(str(sample.teacher), key) for sample, key in zip(material.samples, keys, strict=True)]
    for teacher, key in rows:
        teachers[key].add(teacher)
    shared = Counter(teacher for teacher, key in rows if len(teachers[key]) > 1)
    whole = Counter(teacher for teacher, _ in rows)
    return {teacher: shared[teacher] / whole[teacher] for teacher in material.teachers}


def _repeated(samples: Sequence[Sample]) -> Iterator[Caution]:
    """Yield a caution where many texts stand under several prompts."""
    prompts: defaultdict[str, set[str]] = defaultdict(set)
    keys = [_skeleton(sample.text) for sample in samples]
    for sample, key in zip(samples, keys, strict=True):
        prompts[key].add(sample.prompt)
    repeated = sum(len(prompts[key]) > 1 for key in keys)
    if repeated > _REPEATED * len(keys):
        yield Caution(
            code="same_texts",
            told=f"{repeated / len(keys):.0%} of the texts answer several prompts in the same "
            "words (numbers and punctuation aside): holding prompts out does not keep them apart, "
            "and the accuracy is that of knowing these texts",
        )


def _skeleton(text: str) -> str:
    """Return the text without case, punctuation, blanks and the values of numbers."""
    return _SIGNS.sub(" ", _NUMBERS.sub("0", normalise(text)))


def _names(teachers: Sequence[str]) -> str:
    return ", ".join(teachers[:5]) + (f" and {len(teachers) - 5} more" if teachers[5:] else "")
