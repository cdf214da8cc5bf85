"""95 % intervals for shares, F1, AUC and their differences, in closed form or by bisection.

All are score intervals: they stay inside 0 to 1 and have a width where nothing went wrong.
"""

from collections.abc import Callable
from math import sqrt

from curate.traits.intervals import Interval, wilson

Z = 1.959963984540054
"""The normal quantile of 95 %, both sides."""


def share(hits: int, count: int) -> Interval | None:
    """Return the interval of a share (Wilson 1927); None where nothing was counted."""
    if not count:
        return None
    rate, low, high = wilson(hits, count)
    # at the ends rounding may put a bound on the wrong side of the share
    return Interval(rate, min(low, rate), max(high, rate))


def f1(hits: int, false_alarms: int, misses: int) -> Interval | None:
    """Return the interval of F1; None where there is neither a positive nor a hit.

    Among what is positive or hit, the share J that is both is binomial, and F1 = 2J / (1 + J).
    """
    both = share(hits, hits + false_alarms + misses)
    return both and Interval(*(2 * each / (1 + each) for each in both))


def auc(value: float, variance: float, positives: int, negatives: int) -> Interval | None:
    """Return the interval of an area under the ROC curve; None where a class is empty.

    It holds every area that either of two methods does not rule out. With few texts the variance
    must not come from them alone: Newcombe (2006), Statistics in Medicine 25:559, method 5, takes
    that of Hanley & McNeil (1982) for samples of their mean size. Where one class is spread wider
    than the other, only the variance seen is right: DeLong et al. (1988), in a score interval.

    Args:
        value: The area.
        variance: Of the area, by DeLong.
        positives: How many.
        negatives: How many.
    """
    if not positives or not negatives:
        return None
    pairs, others = positives * negatives, (positives + negatives) / 2 - 1
    seen = variance / (value * (1 - value)) if 0 < value < 1 else 0.0

    def possible(area: float) -> bool:
        spread = 1 + others * ((1 - area) / (2 - area) + area / (1 + area))
        return (value - area) ** 2 <= Z * Z * area * (1 - area) * max(spread / pairs, seen)

    return Interval(value, _edge(possible, value, 0.0), _edge(possible, value, 1.0))


def difference(one: Interval, other: Interval) -> Interval:
    """Return `one` minus `other`, independent of each other (Newcombe's square-and-add)."""
    low = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    value = one.value - other.value
    return Interval(value, max(value - low, -1.0), min(value + high, 1.0))


def _edge(possible: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return the last possible value on the way from `inside` to `outside`."""
    if possible(outside):
        return outside
    for _ in range(50):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if possible(middle) else (inside, middle)
    return inside
