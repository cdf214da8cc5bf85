"""Whether arms are the same, which is more than not being found different."""

from __future__ import annotations

from typing import NamedTuple

from curate.audits.statistics import student
from curate.audits.statistics.outcomes import Contrast, Outcomes
from curate.audits.statistics.precision import precision
from curate.traits.intervals import Interval


class Equivalence(NamedTuple):
    """The p of two one-sided tests, and the interval that must lie within the margin."""

    p: float
    interval: Interval
    margin: float
    equal: bool


def equivalence(
    outcomes: Outcomes, contrast: Contrast, margin: float, alpha: float = 0.05
) -> Equivalence:
    """Return whether a difference of arms is shown to lie within a margin, in scores.

    Two one-sided t tests (Schuirmann 1987): equal where the interval of confidence 1 - 2 alpha
    lies within the margin.
    """
    value, error, freedom = precision(outcomes, contrast)
    p = 1 - student.cumulative((margin - abs(value)) / error, freedom)
    half = student.quantile(1 - alpha, freedom) * error
    return Equivalence(p, Interval(value, value - half, value + half), margin, p <= alpha)
