"""What the scored answers of one model say about a trait: a rate or a mean, with its interval."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from curate.api import Context
from curate.traits.intervals import Interval, clustered_mean, clustered_rate

Fate = Literal["counted", "truncated", "empty", "looping", "unreadable"]
"""What became of an answer; only the first is in a rate or a mean.

`truncated` was cut off at the limit of tokens, `looping` goes round in circles, `unreadable` is one
on which the scorer abstained.
"""
TRUNCATED = 0.05
"""Above this share of truncated answers a result is not compared: what was cut off is unknown."""


class Reading(NamedTuple):
    """One answer, read."""

    key: tuple[str, int, int]
    """The prompt, the sample and the round: the same for every model that was asked."""
    template: str
    fate: Fate
    score: float | None = None
    hit: bool = False
    also: Mapping[str, bool] = {}
    """What else was looked for, and whether it was there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a model showed."""

    value: Interval
    """The rate of answers that show the trait, or their mean score."""
    rate: Interval
    """The rate of answers that show the trait."""
    counted: int
    left_out: Mapping[Fate, int]
    """Answers that are in no rate and no mean, by what is wrong with them."""
    by_template: Mapping[str, tuple[float, int]]
    """Template -> value, answers counted."""
    also: Mapping[str, Interval]
    """What else was looked for -> its rate."""

    @property
    def answers(self) -> int:
        """How many answers there were."""
        return self.counted + sum(self.left_out.values())

    @property
    def truncated(self) -> float:
        """The share of answers that were cut off."""
        return self.left_out.get("truncated", 0) / self.answers if self.answers else 0.0

    @property
    def comparable(self) -> bool:
        """Whether the finding may be compared with others."""
        return self.counted > 0 and self.truncated <= TRUNCATED


def summarise(
    readings: Sequence[Reading], ctx: Context, *, mean: bool, bounds: tuple[float, float]
) -> Finding:
    """Return what the readings say; intervals cluster by template.

    Args:
        readings: Of one model, in any order.
        ctx: Decides the draws of the bootstrap.
        mean: The value is the mean score; else the rate.
        bounds: The least and the greatest score there can be.
    """
    counted = [reading for reading in readings if reading.fate == "counted"]
    templates = [reading.template for reading in counted]
    rate = clustered_rate([reading.hit for reading in counted], templates)
    values = _values(counted, mean=mean)
    value = clustered_mean(values, templates, bounds, ctx.rng("finding")) if mean else rate
    groups = {template: [] for template in dict.fromkeys(templates)}  # type: dict[str, list[float]]
    for template, each in zip(templates, values, strict=True):
        groups[template].append(each)
    return Finding(
        value=value,
        rate=rate,
        counted=len(counted),
        left_out=Counter(reading.fate for reading in readings if reading.fate != "counted"),
        by_template={name: (sum(each) / len(each), len(each)) for name, each in groups.items()},
        also={
            name: clustered_rate([reading.also[name] for reading in counted], templates)
            for name in (counted[0].also if counted else ())
        },
    )


def difference(
    one: Sequence[Reading],
    other: Sequence[Reading],
    ctx: Context,
    *,
    mean: bool,
    bounds: tuple[float, float],
) -> Interval | None:
    """Return how much higher the value of `one` is, over the answers that both have.

    Both were asked the same prompts, so each is compared with its twin. None where they share none.
    """
    twins = {reading.key: reading for reading in other if reading.fate == "counted"}
    pairs = [(r, twins[r.key]) for r in one if r.fate == "counted" and r.key in twins]
    if not pairs:
        return None
    ours, theirs = zip(*pairs, strict=True)
    differences = [
        value - twin
        for value, twin in zip(_values(ours, mean=mean), _values(theirs, mean=mean), strict=True)
    ]
    low, high = bounds if mean else (0.0, 1.0)
    templates = [reading.template for reading in ours]
    return clustered_mean(differences, templates, (low - high, high - low), ctx.rng("difference"))


def _values(readings: Sequence[Reading], *, mean: bool) -> list[float]:
    return [(reading.score or 0.0) if mean else float(reading.hit) for reading in readings]
