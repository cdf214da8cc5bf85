"""The scores of a step, counted in memory that does not grow with them.

While there are few different scores, each is counted by itself; when there are many, in bins whose
width is a power of two, and bins are joined in pairs as more are needed. So every count is exact.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from curate.report.model import Bin, Scores

VALUES = 4096
"""At most this many different scores, or bins, are counted."""
APART = 16
"""At most this many different scores have a bar each."""
BARS = 48
REST = 0.005
"""The share of scores that may lie outside the bars, at either end."""


class Histogram:
    """Counts the scores of one step."""

    def __init__(self) -> None:
        self._lowest, self._highest = math.inf, -math.inf
        self._counts: dict[float, int] = {}
        """Score, or start of a bin -> records."""
        self._width = 0.0
        """Of a bin; 0 while each score is counted by itself."""

    def add(self, score: float) -> None:
        """Count one score."""
        if score < self._lowest:  # noqa: PLR1730  (`min` takes longer, for every score of a run)
            self._lowest = score
        if score > self._highest:  # noqa: PLR1730
            self._highest = score
        start = math.floor(score / self._width) * self._width if self._width else score
        self._counts[start] = self._counts.get(start, 0) + 1
        while len(self._counts) > VALUES:
            self._join()

    def scores(self, bounds: Sequence[float]) -> Scores | None:
        """Return what was counted, with `bounds` inside the bins; None where nothing was."""
        if not self._counts:
            return None
        if not self._width and len(self._counts) <= APART:
            bins = tuple(Bin(low=score, high=score, count=self._counts[score])
                         for score in sorted(self._counts))  # fmt: skip
            return Scores(bins=bins, lowest=self._lowest, highest=self._highest)
        low, high = self._middle(bounds)
        width = max(self._width, _power((high - low) / BARS))
        first, last = math.floor(low / width), math.floor(high / width)
        below, above, counts = 0, 0, [0] * (last - first + 1)
        for start, count in self._counts.items():
            place = math.floor(start / width)
            if place < first:
                below += count
            elif place > last:
                above += count
            else:
                counts[place - first] += count
        return Scores(
            bins=tuple(
                Bin(low=(first + n) * width, high=(first + n + 1) * width, count=count)
                for n, count in enumerate(counts)
            ),
            below=below,
            above=above,
            lowest=self._lowest,
            highest=self._highest,
        )

    def _join(self) -> None:
        """Make the bins twice as wide, or the first ones."""
        span = self._highest - self._lowest
        self._width = self._width * 2 or _power(span / VALUES)
        joined: Counter[float] = Counter()
        for start, count in self._counts.items():
            joined[math.floor(start / self._width) * self._width] += count
        self._counts = joined

    def _middle(self, bounds: Sequence[float]) -> tuple[float, float]:
        """Return where bars begin and end: all but the rarest ends, and the bounds."""
        ordered = sorted(self._counts)
        rest = REST * sum(self._counts.values())
        low = _reach(self._counts, ordered, rest)
        high = _reach(self._counts, ordered[::-1], rest)
        inside = [bound for bound in bounds if self._lowest <= bound <= self._highest]
        return min([low, *inside]), max([high, *inside])


def _reach(counts: Mapping[float, int], ordered: Sequence[float], rest: float) -> float:
    passed = 0
    for start in ordered:
        passed += counts[start]
        if passed > rest:
            return start
    return ordered[-1]


def _power(width: float) -> float:
    """Return the smallest power of two that is at least as wide."""
    fraction, exponent = math.frexp(width)
    return math.ldexp(1.0, exponent - (fraction == 0.5)) if width > 0 else 1.0
