"""What a probe says about a teacher it has never seen: each teacher is left out in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import Estimate, Outcome, share
from curate.audits.fingerprint.material import Material
from curate.audits.fingerprint.probes import FEWER_FOLDS, Answer, Job
from curate.audits.fingerprint.separation import Split

CONFIDENT = 0.9
"""A response counts as named when the stated confidence is at least this."""


class Stranger(BaseModel):
    """One teacher left out of training."""

    model_config = ConfigDict(frozen=True)

    teacher: str
    named: Estimate | None
    """Share of its responses that are confidently named as another teacher's, which is false."""
    named_as: dict[str, int]
    """As whose, and how often."""
    known_named: Estimate | None
    """Share of the other teachers' rightly named responses that are named confidently."""


class Strangers(BaseModel):
    """All teachers, each left out in turn; measured on the first split."""

    model_config = ConfigDict(frozen=True)

    confident: float
    teachers: tuple[Stranger, ...]
    named: Estimate | None
    """The mean of `named` over teachers."""
    known_named: Estimate | None
    """The mean of `known_named`."""


def jobs(material: Material, split: Split) -> dict[str, Job]:
    """Return a probe without each teacher; none where a probe would know fewer than two."""
    if len(material.teachers) < 3:
        return {}
    return {_name(teacher): _without(material, split, teacher) for teacher in material.teachers}


def read(material: Material, split: Split, answers: Mapping[str, Answer]) -> Strangers | None:
    """Return what the probes say; None where there was none."""
    if len(material.teachers) < 3:
        return None
    alone, named, kept = [], [], []
    for place, teacher in enumerate(material.teachers):
        answer = answers[_name(teacher)]
        strange = _strange(material, split, answer, place)
        known = _known(material, split, answer, place)
        alone.append(
            Stranger(
                teacher=teacher,
                named=share([strange]),
                named_as=_named_as(answer),
                known_named=share([known]),
            )
        )
        named.append(strange)
        kept.append(known)
    return Strangers(
        confident=CONFIDENT, teachers=tuple(alone), named=share(named), known_named=share(kept)
    )


def _without(material: Material, split: Split, teacher: str) -> Job:
    train = [material.samples[place] for place in split.train]
    held = [material.samples[place] for place in split.held]
    return Job(
        train=[sample for sample in train if sample.teacher != teacher],
        ask={
            "strange": [sample.text for sample in held if sample.teacher == teacher],
            "known": [sample.text for sample in held if sample.teacher != teacher],
        },
        folds=FEWER_FOLDS,
    )


def _strange(material: Material, split: Split, answer: Answer, teacher: int) -> Outcome:
    import numpy as np

    rows = split.held[material.truth[split.held] == teacher]
    sure = answer.guesses["strange"].confidence >= CONFIDENT if len(rows) else np.zeros(0)
    return Outcome(rows, material.prompts[rows], sure.astype(np.float64))


def _known(material: Material, split: Split, answer: Answer, teacher: int) -> Outcome:
    """Return, for the rows of the other teachers that are rightly named, whether confidently."""
    import numpy as np

    rows = split.held[material.truth[split.held] != teacher]
    right = answer.named("known", material.teachers) == material.truth[rows]
    sure = answer.guesses["known"].confidence[right] >= CONFIDENT
    return Outcome(rows[right], material.prompts[rows[right]], sure.astype(np.float64))


def _named_as(answer: Answer) -> dict[str, int]:
    if "strange" not in answer.guesses:
        return {}
    guesses = answer.guesses["strange"]
    best = guesses.best[guesses.confidence >= CONFIDENT].tolist()
    return dict(Counter(answer.teachers[place] for place in best).most_common())


def _name(teacher: str) -> str:
    return f"without teacher {teacher}"
