"""Who wrote how much of rows that do not say.

A probe that was trained on a prompt knows it; so each split's probe is asked about the rows whose
prompts it has not seen, and what the splits say is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import DIGITS
from curate.audits.fingerprint.material import LEAST, Material
from curate.audits.fingerprint.misfit import misfit
from curate.audits.fingerprint.probes import Answer
from curate.audits.fingerprint.separation import Split
from curate.fitting.fingerprint.samples import Sample
from curate.fitting.fingerprint.shares import Share

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

UNLIKE = 3.0
"""Standard deviations above which rows are called unlike the corpora.

With eight teachers, each left out in turn: 6 of 8 sets of 300 of its responses are above, 1 of 8
sets where it wrote half of them, and 1 of 480 random mixtures of known teachers.
"""


class TeacherShare(BaseModel):
    """How much of the rows one teacher wrote, with the bounds of a 90 % interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float


class Mixture(BaseModel):
    """The teacher shares of some rows, corrected for what the probe confuses."""

    model_config = ConfigDict(frozen=True)

    name: str
    rows: int
    judged: int
    """Different rows that a probe was asked about: those with a prompt it had not seen."""
    shares: dict[str, TeacherShare]
    """Teacher -> share, as if nobody else had written any of it."""
    misfit: float
    """How far the rows are from any mixture of these teachers, in standard deviations; the median
    of the splits."""
    unlike: bool
    """`misfit` is above 3: other teachers, or another kind of prompts, are likely."""
    stated: float
    """The accuracy the probe expects here on single rows, from its confidence."""


def unseen(material: Material, split: Split, samples: Sequence[Sample]) -> Ints:
    """Return the places of samples whose prompt the probe of a split was not trained on."""
    import numpy as np

    seen = {material.samples[place].prompt for place in split.train}
    return np.array([n for n, each in enumerate(samples) if each.prompt not in seen], np.int64)


def ask(
    material: Material, split: Split, name: str, samples: Sequence[Sample]
) -> dict[str, list[str]]:
    """Return what the probe of a split is asked about some rows, under `name`."""
    return {name: [samples[place].text for place in unseen(material, split, samples)]}


def read(
    material: Material,
    drawn: Sequence[Split],
    answers: Mapping[str, Answer],
    name: str,
    samples: Sequence[Sample],
    called: str,
) -> Mixture | None:
    """Return the shares of rows asked about under `name`; None where fewer than 30 were judged.

    A reader knows them as `called`.
    """
    asked = [(split, answers[split.name]) for split in drawn]
    asked = [(split, answer) for split, answer in asked if name in answer.guesses]
    found = [answer for _, answer in asked]
    judged = {place for split in drawn for place in unseen(material, split, samples).tolist()}
    if len(judged) < LEAST:
        return None
    far = sorted(_misfit(material, split, answer, name) for split, answer in asked)
    return Mixture(
        name=called,
        rows=len(samples),
        judged=len(judged),
        shares=_mean([answer.shares[name] for answer in found]),
        misfit=round(far[len(far) // 2], DIGITS),
        unlike=far[len(far) // 2] > UNLIKE,
        stated=_average(
            [float(answer.guesses[name].probabilities.max(axis=1).mean()) for answer in found]
        ),
    )


def _misfit(material: Material, split: Split, answer: Answer, name: str) -> float:
    import numpy as np

    places = [answer.teachers.index(teacher) for teacher in material.teachers]
    return misfit(
        answer.guesses[name],
        np.array([share.value for share in answer.shares[name]]),
        answer.guesses["held"],
        np.array(places, np.int64)[material.truth[split.held]],
    )


def _mean(parts: Sequence[Sequence[Share]]) -> dict[str, TeacherShare]:
    """Return the mean shares and bounds: wider than need be, as the splits are not independent."""
    return {
        alike[0].teacher: TeacherShare(
            value=_average([each.value for each in alike]),
            low=_average([each.low for each in alike]),
            high=_average([each.high for each in alike]),
        )
        for alike in zip(*parts, strict=True)
    }


def _average(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), DIGITS)
