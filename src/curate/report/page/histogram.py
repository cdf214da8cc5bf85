"""The scores of a step with its threshold; heights are logarithms of counts."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from curate.report.model import Bin, Scores, Step
from curate.report.numbers import number
from curate.report.page.html import Html, element
from curate.report.page.svg import WIDE, at, bar, drawing, words

_LEFT, _TOP, _HIGH, _ALONG = 60.0, 22.0, 150.0, WIDE - 80.0
_WIDEST, _LOWEST = 72.0, 1.5
"""Width and height of a bar, at most and at least."""
_SIGNS = {"at_least": ("≥",), "at_most": ("≤",), "outside": ("<", ">")}


class _Bars(NamedTuple):
    """What is drawn, and where."""

    bars: Sequence[tuple[str, int]]
    """Kind and count of each, the ends among them."""
    wide: float
    """Of one bar."""
    most: int
    """The largest count."""
    start: float
    """Where the first bin begins, behind the scores that lie below all bins."""

    def height(self, count: int) -> float:
        """Return how high a count is."""
        return _HIGH * math.log1p(count) / math.log1p(self.most)


def histogram(name: str, step: Step, scores: Scores) -> Html:
    """Return the drawing; `name` is its id on the page."""
    found = _bars(step, scores)
    parts = list(_axes(found))
    for n, (kind, count) in enumerate(found.bars):
        if count:
            tall, gap = max(found.height(count), _LOWEST), min(2.0, found.wide / 8)
            x, y = _LEFT + n * found.wide + gap / 2, _TOP + _HIGH - tall
            parts.append(bar(kind, x, y, found.wide - gap, tall))
    parts += _labels(scores, found)
    parts += _bounds(step, scores, found)
    outside = scores.below + scores.above
    rest = f" {number(outside)} lie outside the bars." if outside else ""
    told = (
        f"{number(step.hits)} hits by the rule {step.rule}, of {number(step.seen)} records seen; "
        f"scores from {number(scores.lowest)} to {number(scores.highest)}.{rest}"
    )
    return drawing(name, f"Scores of {step.name}", told, WIDE, _TOP + _HIGH + 26, parts)


def _bars(step: Step, scores: Scores) -> _Bars:
    bars = [("hit" if _is_hit(step, each) else "miss", each.count) for each in scores.bins]
    if scores.below:
        bars.insert(0, ("rest", scores.below))
    if scores.above:
        bars.append(("rest", scores.above))
    wide = min(_ALONG / len(bars), _WIDEST)
    most = max(count for _, count in bars)
    return _Bars(bars, wide, most, _LEFT + wide * bool(scores.below))


def _is_hit(step: Step, found: Bin) -> bool:
    """Say whether all scores of a bin are hits."""
    if step.kind == "at_least":
        return found.low >= step.bounds[0]
    single = found.low == found.high
    highest = found.high if single else math.nextafter(found.high, -math.inf)
    if step.kind == "at_most":
        return highest <= step.bounds[0]
    return highest < step.bounds[0] or found.low > step.bounds[1]


def _axes(found: _Bars) -> Iterator[Html]:
    ticks = [10**n for n in range(len(str(found.most))) if 10**n <= found.most]
    for tick in ticks[:: max(1, len(ticks) // 4)]:
        y = _TOP + _HIGH - found.height(tick)
        yield element("path", class_="grid", d=f"M{at(_LEFT)} {at(y)}h{at(_ALONG)}")
        yield words(_LEFT - 8, y, number(tick), "end")
    yield element("path", class_="axis", d=f"M{at(_LEFT)} {at(_TOP + _HIGH)}h{at(_ALONG)}")


def _single(scores: Scores) -> bool:
    """Say whether each bar is one score."""
    return all(each.low == each.high for each in scores.bins)


def _labels(scores: Scores, found: _Bars) -> Iterator[Html]:
    y = _TOP + _HIGH + 14
    if _single(scores):
        for n, each in enumerate(scores.bins):
            yield words(found.start + (n + 0.5) * found.wide, y, number(each.low), "middle")
        return
    end = found.start + found.wide * len(scores.bins)
    yield words(found.start, y, number(scores.bins[0].low))
    yield words(end, y, number(scores.bins[-1].high), "end")


def _bounds(step: Step, scores: Scores, found: _Bars) -> Iterator[Html]:
    """Draw a line at each threshold; one that no score reaches is at the edge."""
    for sign, bound in zip(_SIGNS[step.kind], step.bounds, strict=True):
        x = found.start + found.wide * _bins_before(scores, bound, including=sign in "≤>")
        right = x > WIDE / 2
        yield element("path", class_="bound", d=f"M{at(x)} {at(_TOP - 6)}v{at(_HIGH + 6)}")
        yield words(
            x + (-6 if right else 6),
            _TOP - 10,
            f"{sign} {number(bound)}",
            "end" if right else "start",
        )


def _bins_before(scores: Scores, bound: float, *, including: bool) -> float:
    """Return how many bins stand before a threshold, a part of one counted too."""
    if _single(scores):
        return sum(each.low < bound or (including and each.low == bound) for each in scores.bins)
    low, high = scores.bins[0].low, scores.bins[-1].high
    return len(scores.bins) * (min(max(bound, low), high) - low) / (high - low)
