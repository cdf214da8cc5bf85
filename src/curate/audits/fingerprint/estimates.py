"""Shares and differences of shares with 95 % intervals that count prompts, not rows.

Answers to one prompt resemble each other, and a row may be tested in several splits. Both are
taken into account by the linearised variance of the mean over splits: what each prompt adds to it,
summed over its rows and splits, is one independent draw (Kish & Frankel 1974). The intervals say
what other prompts would give, not what another training set would.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from curate.traits.intervals import wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_Z = 1.959963984540054
DIGITS = 6


class Estimate(BaseModel):
    """A number measured on rows, and the bounds that hold it with 95 % confidence."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    count: int
    """Different rows (or bags of rows) it was measured on."""


class Outcome(NamedTuple):
    """What came of the rows tested in one split."""

    rows: Ints
    """Which rows, as numbers that mean the same row in every split."""
    prompts: Ints
    """The prompt of each row, as a number."""
    hits: Floats
    """1 or 0 for each row."""


def share(splits: Sequence[Outcome]) -> Estimate | None:
    """Return the mean over splits of the share of hits; None where no row was tested.

    The interval is Wilson's (1927) at the effective number of rows.
    """
    splits = [each for each in splits if len(each.rows)]
    if not splits:
        return None
    value = _mean(splits)
    low, high = wilson_bounds(value, effective(splits))
    return estimate(value, low, high, _count(splits))


def effective(splits: Sequence[Outcome]) -> float:
    """Return how many independent rows would know the share of hits as well."""
    value, count = _mean(splits), float(_count(splits))
    variance, groups = _variance(_pulls(splits), [each.prompts for each in splits])
    if not 0 < value < 1 or variance <= 0:
        return float(min(count, groups))
    return max(min(count, value * (1 - value) / variance) / _student(groups) ** 2, 1.0)


def difference(one: Sequence[Outcome], other: Sequence[Outcome]) -> Estimate | None:
    """Return the share of hits in `one` minus that in `other`; they may share rows and prompts.

    None where no row of one of them was tested. The interval is normal, 0 wide where both are the
    same rows with the same hits.
    """
    one, other = ([each for each in side if len(each.rows)] for side in (one, other))
    if not one or not other:
        return None
    pulls = [*_pulls(one), *(-pull for pull in _pulls(other))]
    variance, groups = _variance(pulls, [each.prompts for each in (*one, *other)])
    value, half = _mean(one) - _mean(other), _Z * _student(groups) * sqrt(variance)
    return estimate(value, max(value - half, -1.0), min(value + half, 1.0), _count(one))


def wilson_bounds(value: float, count: float) -> tuple[float, float]:
    """Return the bounds of a share of so many independent rows."""
    found = wilson(value * count, count)
    return min(found.low, value), max(found.high, value)


def estimate(value: float, low: float, high: float, count: int) -> Estimate:
    """Return the estimate with as many digits as are told."""
    return Estimate(
        value=round(value, DIGITS), low=round(low, DIGITS), high=round(high, DIGITS), count=count
    )


def _mean(splits: Sequence[Outcome]) -> float:
    return sum(float(each.hits.mean()) for each in splits) / len(splits)


def _count(splits: Sequence[Outcome]) -> int:
    import numpy as np

    return len(np.unique(np.concatenate([each.rows for each in splits])))


def _pulls(splits: Sequence[Outcome]) -> list[Floats]:
    """Return how much each row moves the mean over splits."""
    return [(each.hits - each.hits.mean()) / len(each.hits) / len(splits) for each in splits]


def _variance(pulls: Sequence[Floats], prompts: Sequence[Ints]) -> tuple[float, int]:
    """Return the variance of the sum of pulls, and the number of prompts."""
    import numpy as np

    _, places = np.unique(np.concatenate(prompts), return_inverse=True)
    sums = np.bincount(places, weights=np.concatenate(pulls))
    groups = len(sums)
    if groups < 2:
        return 0.25, groups
    return float((sums**2).sum()) * groups / (groups - 1), groups


def _student(groups: int) -> float:
    """Return Student's quantile over the normal one (first terms of Abramowitz & Stegun 26.7.5)."""
    freedom = max(groups - 1, 1)
    square = _Z * _Z
    return 1 + (square + 1) / (4 * freedom) + (5 * square**2 + 16 * square + 3) / (96 * freedom**2)
