"""Intervals for rates and means of answers that come in clusters (one cluster a prompt template).

Answers to prompts of one template resemble each other, so 800 answers of 20 templates know less
than 800 independent ones. Both methods count the clusters and not only the answers, and neither
says 0 ± 0 where nothing was seen. They hold for about five clusters and more.
"""

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
DRAWS = 2000
_NORMAL = NormalDist()


class Interval(NamedTuple):
    """An estimate, and the bounds that hold it with the stated confidence."""

    value: float
    low: float
    high: float


def wilson(hits: float, count: float, level: float = LEVEL) -> Interval:
    """Return the score interval of a rate (Wilson 1927); [0, 1] where nothing was counted.

    Args:
        hits: How many of them; a fraction where the sample is an effective one.
        count: Of how many independent ones.
        level: The confidence.
    """
    if count <= 0:
        return Interval(0.0, 0.0, 1.0)
    rate, z = hits / count, _NORMAL.inv_cdf((1 + level) / 2)
    centre = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return Interval(rate, max(0.0, centre - half), min(1.0, centre + half))


def clustered_rate(
    hits: Sequence[bool], clusters: Sequence[Hashable], level: float = LEVEL
) -> Interval:
    """Return the Wilson interval of a rate at its effective sample size.

    The sample is divided by its design effect and by what the few clusters add to the normal
    quantile (Korn & Graubard 1998). Where all answers agree no design effect can be seen; then
    the sample counts in full if there is more than one cluster.
    """
    count = len(hits)
    if not count:
        return wilson(0, 0, level)
    rate = sum(hits) / count
    groups = _grouped([float(hit) for hit in hits], clusters)
    if len(groups) < 2:
        return wilson(rate, 1, level)
    effective = float(count)
    if 0 < rate < 1:
        spread = sum((sum(group) - rate * len(group)) ** 2 for group in groups)
        variance = spread * len(groups) / (len(groups) - 1) / count**2
        effective = min(effective, rate * (1 - rate) / variance) if variance else effective
        effective *= (_NORMAL.inv_cdf((1 + level) / 2) / _student(level, len(groups) - 1)) ** 2
    return wilson(rate * effective, effective, level)


def clustered_mean(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    bounds: tuple[float, float],
    rng: random.Random,
    level: float = LEVEL,
) -> Interval:
    """Return the bootstrap interval of a mean, drawing whole clusters with replacement.

    The percentiles are moved outwards for few clusters (Hesterberg 2015, section 5.3). Where all
    clusters have the same mean there is nothing to draw from: the interval then holds every mean
    that a Wilson interval of 0 in as many would allow.

    Args:
        values: What is averaged.
        clusters: The cluster of each.
        bounds: The lowest and the highest value there can be.
        rng: Decides the draws.
        level: The confidence.
    """
    if not values:
        return Interval(0.0, *bounds)
    mean, groups = sum(values) / len(values), _grouped(values, clusters)
    if len({sum(group) / len(group) for group in groups}) == 1:
        unseen = wilson(0, len(values) if len(groups) > 1 else 1, level).high
        low, high = bounds
        return Interval(mean, mean - (mean - low) * unseen, mean + (high - mean) * unseen)
    sums = [(sum(group), len(group)) for group in groups]
    means = sorted(_mean(rng.choices(sums, k=len(sums))) for _ in range(DRAWS))
    wider = sqrt(len(groups) / (len(groups) - 1)) * _student(level, len(groups) - 1)
    tail = _NORMAL.cdf(-wider)
    return Interval(mean, _quantile(means, tail), _quantile(means, 1 - tail))


def _grouped(values: Sequence[float], clusters: Sequence[Hashable]) -> list[list[float]]:
    groups: defaultdict[Hashable, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        groups[cluster].append(value)
    return list(groups.values())


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(count for _, count in sums)


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def _student(level: float, freedom: int) -> float:
    """Return the two-sided quantile of Student's t.

    A Cornish-Fisher expansion (Abramowitz & Stegun 26.7.5): within 1 % from four degrees of
    freedom on, too small below.
    """
    z = _NORMAL.inv_cdf((1 + level) / 2)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / float(freedom) ** power for power, term in enumerate(terms))
