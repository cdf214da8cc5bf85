"""How well single responses, and bags of responses, tell who wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from curate.audits.fingerprint.estimates import (
    Estimate,
    Outcome,
    effective,
    estimate,
    share,
    wilson_bounds,
)
from curate.audits.fingerprint.material import Material
from curate.audits.fingerprint.probes import Answer, Job
from curate.audits.fingerprint.splits import draw, held_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SIZES = (5, 10)
"""Responses in a bag."""


class Split(NamedTuple):
    """The rows on either side of a prompt-disjoint split, as places in the material."""

    number: int
    train: Ints
    held: Ints

    @property
    def name(self) -> str:
        """What its job is called."""
        return f"split {self.number}"


class Bags(BaseModel):
    """How often all responses of a bag together name their teacher."""

    model_config = ConfigDict(frozen=True)

    size: int
    """Responses in a bag, all by one teacher; no response is in two bags of a split."""
    accuracy: Estimate | None
    """None where no teacher has a bag; `count` counts the bags of all splits."""


class Separation(BaseModel):
    """What a probe says about responses to prompts it has not seen."""

    model_config = ConfigDict(frozen=True)

    accuracy: Estimate
    """Share of responses whose teacher is named, mean over splits."""
    splits: tuple[float, ...]
    """The same for each split."""
    chance: float
    """What guessing reaches: one over the number of teachers."""
    commonest: float
    """What always naming the teacher with most rows reaches."""
    bags: tuple[Bags, ...]
    recall: dict[str, Estimate | None]
    """Teacher -> share of its responses that are named as its."""
    confusion: dict[str, dict[str, int]]
    """True teacher -> named teacher -> responses, over all splits."""


def splits(material: Material, count: int, seed: int) -> list[Split]:
    """Return so many splits of the rows, each with 30 % of the prompts held out."""
    import numpy as np

    prompts = [sample.prompt for sample in material.samples]
    drawn = (held_out(prompts, number, seed) for number in range(count))
    return [
        Split(number, np.flatnonzero(~held), np.flatnonzero(held))
        for number, held in enumerate(drawn)
    ]


def job(material: Material, split: Split) -> Job:
    """Return the probe of a split, asked about the rows held out."""
    samples = material.samples
    return Job(
        train=[samples[place] for place in split.train],
        ask={"held": [samples[place].text for place in split.held]},
    )


def tested(material: Material, split: Split, answer: Answer) -> Outcome:
    """Return which of the held rows were named rightly."""
    import numpy as np

    right = answer.named("held", material.teachers) == material.truth[split.held]
    return Outcome(split.held, material.prompts[split.held], right.astype(np.float64))


def read(
    material: Material, drawn: Sequence[Split], answers: Sequence[Answer], seed: int
) -> Separation:
    """Return what the answers about all splits come to."""
    import numpy as np

    results = [tested(material, *pair) for pair in zip(drawn, answers, strict=True)]
    whole = share(results)
    assert whole is not None  # noqa: S101  (a split holds rows out)
    recall = {
        name: share([_of(material, each, place) for each in results])
        for place, name in enumerate(material.teachers)
    }
    common = np.bincount(material.truth).argmax()
    return Separation(
        accuracy=whole,
        splits=tuple(round(float(each.hits.mean()), 6) for each in results),
        chance=round(1 / len(material.teachers), 6),
        commonest=round(
            float(np.mean([(material.truth[each.held] == common).mean() for each in drawn])), 6
        ),
        bags=tuple(
            _bags(material, drawn, answers, size, effective(results), seed) for size in SIZES
        ),
        recall=recall,
        confusion=_confusion(material, drawn, answers),
    )


def _of(material: Material, result: Outcome, teacher: int) -> Outcome:
    own = material.truth[result.rows] == teacher
    return Outcome(result.rows[own], result.prompts[own], result.hits[own])


def _bags(
    material: Material,
    drawn: Sequence[Split],
    answers: Sequence[Answer],
    size: int,
    independent: float,
    seed: int,
) -> Bags:
    """Return the accuracy of bags of one size; as many are independent as rows are, by the size."""
    rates, count = [], 0
    for split, answer in zip(drawn, answers, strict=True):
        odds = answer.guesses["held"].log_odds
        hits = [
            material.teachers[teacher] == answer.teachers[odds[bag].sum(axis=0).argmax()]
            for teacher, bag in _cut(material, split, size, seed)
        ]
        if hits:
            rates.append(sum(hits) / len(hits))
            count += len(hits)
    if not rates:
        return Bags(size=size, accuracy=None)
    value = sum(rates) / len(rates)
    low, high = wilson_bounds(value, max(min(independent / size, count), 1.0))
    return Bags(size=size, accuracy=estimate(value, low, high, count))


def _cut(material: Material, split: Split, size: int, seed: int) -> Iterator[tuple[int, Ints]]:
    """Yield (teacher, places among the held rows) for every full bag."""
    import numpy as np

    truth = material.truth[split.held]
    for teacher in range(len(material.teachers)):
        places = sorted(
            np.flatnonzero(truth == teacher).tolist(),
            key=lambda place: (_key(material, split, place, seed), place),
        )
        for start in range(0, len(places) - size + 1, size):
            yield teacher, np.array(places[start : start + size], np.int64)


def _key(material: Material, split: Split, place: int, seed: int) -> bytes:
    sample = material.samples[split.held[place]]
    return draw(sample.prompt, seed, "bag", split.number, sample.teacher)


def _confusion(
    material: Material, drawn: Sequence[Split], answers: Sequence[Answer]
) -> dict[str, dict[str, int]]:
    counts = {name: dict.fromkeys(material.teachers, 0) for name in material.teachers}
    for split, answer in zip(drawn, answers, strict=True):
        best = answer.guesses["held"].best.tolist()
        for truth, named in zip(material.truth[split.held].tolist(), best, strict=True):
            counts[material.teachers[truth]][answer.teachers[named]] += 1
    return counts
