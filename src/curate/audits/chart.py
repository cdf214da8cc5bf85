"""Two drawings as inline SVG: random mixing with the subsets beside it, and arms on a scale.

No script, no dependency, nothing fetched. Lines and letters have the colour of the text around
them, so they show on dark paper as on light; the two colours that mean something have a lighter
shade for dark screens. A reader that cannot see hears the title and the description.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from math import isfinite
from typing import NamedTuple

from curate.visible import inline

_STYLE = """
.curate-chart{font:12px system-ui,sans-serif;fill:currentColor;max-width:100%}
.curate-chart:root{color-scheme:light dark;color:CanvasText;background:Canvas}
.curate-chart .axis,.curate-chart .lead{stroke:currentColor;stroke-width:1}
.curate-chart .lead{opacity:.3}
.curate-chart .null{stroke:currentColor;stroke-dasharray:4 4;opacity:.6}
.curate-chart .line{fill:none;stroke:#1b6ca8;stroke-width:2}
.curate-chart .bar{stroke:#1b6ca8;stroke-width:1.5}
.curate-chart .dot{fill:#1b6ca8}
.curate-chart .mark .bar{stroke:#b4441e}
.curate-chart .mark .dot{fill:#b4441e}
.curate-chart .band{fill:currentColor;opacity:.12}
@media (prefers-color-scheme:dark){
.curate-chart .line,.curate-chart .bar{stroke:#7cc0f0}
.curate-chart .dot{fill:#7cc0f0}
.curate-chart .mark .bar{stroke:#f2a07b}
.curate-chart .mark .dot{fill:#f2a07b}
}"""
_LEFT, _TOP, _GAP = 60.0, 24.0, 16.0
_LONGEST = 34
"""Letters of a label that are drawn; the description has all of them."""


class Bar(NamedTuple):
    """An estimate with its interval."""

    value: float
    low: float
    high: float


class Spot(NamedTuple):
    """An arm of a mixing: how much of it is the original teacher's, and what it scores."""

    label: str
    share: float
    score: Bar


class Place(NamedTuple):
    """An arm of a forest plot; None where its place cannot be told."""

    label: str
    at: Bar | None
    marked: bool = False


def interpolation(
    title: str, ends: tuple[float, float], line: Sequence[Spot], arms: Sequence[Spot]
) -> str:
    """Return random mixing and every subset beside it.

    Args:
        title: What is shown.
        ends: The scores with none and with all of the original teacher's rows: the straight line
            that says that only their number counts.
        line: Random rows at several shares, with intervals.
        arms: The arms of subsets, labelled.
    """
    wide, high = 360.0, max(260.0, _GAP * len(arms))
    bounds = [bound for spot in (*line, *arms) for bound in spot.score[1:]] + list(ends)
    up = _Axis(min(bounds), max(bounds), _TOP + high, _TOP)
    along = _Axis(0, 1, _LEFT, _LEFT + wide)
    ordered = sorted(line, key=lambda spot: spot.share)
    path = " ".join(f"{along(spot.share):.1f},{up(spot.score.value):.1f}" for spot in ordered)
    start, end = (f"{up(score):.1f}" for score in ends)
    parts = [
        *_frame(along, up, "share of rows by the original teacher", "score"),
        f'<line class="null" x1="{along(0):.1f}" y1="{start}" x2="{along(1):.1f}" y2="{end}"/>',
        f'<polyline class="line" points="{path}"/>',
        *(_upright(spot, along, up) for spot in ordered),
        '<g class="mark">',
        *(_upright(spot, along, up) for spot in arms),
        "</g>",
        *_labels(arms, along, up, _LEFT + wide + 24),
    ]
    return _svg(
        title, _spoken_spots(ends, ordered, arms), _LEFT + wide + 260, _TOP + high + 44, parts
    )


def places(title: str, arms: Sequence[Place], margin: float) -> str:
    """Return one row for each arm with its interval, where clean is 0 and untouched is 1.

    Args:
        title: What is shown.
        arms: From top to bottom.
        margin: What lies so close to 0 counts as removed; the band is shaded.
    """
    left, wide, row = 240.0, 360.0, 22.0
    known = [bound for arm in arms if arm.at for bound in arm.at if isfinite(bound)]
    along = _Axis(min([-margin, *known]), max([1.0, *known]), left, left + wide)
    bottom = _TOP + row * len(arms)
    band = f'x="{along(-margin):.1f}" width="{along(margin) - along(-margin):.1f}"'
    parts = [f'<rect class="band" {band} y="{_TOP}" height="{bottom - _TOP:.1f}"/>']
    for value, told in ((0.0, "clean 0"), (1.0, "untouched 1")):
        x = f"{along(value):.1f}"
        parts.append(f'<line class="null" x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom:.1f}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18:.1f}" text-anchor="middle">{told}</text>')
    for number, arm in enumerate(arms):
        parts += _row(arm, along, _TOP + row * (number + 0.5), left)
    return _svg(title, _spoken_places(arms, margin), left + wide + 48, bottom + 36, parts)


class _Axis:
    """Turns a value into a place; a scale without length has everything in its middle.

    What lies outside, an open end of an interval for instance, is drawn at the edge.
    """

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        length = self.high - self.low
        part = (min(max(value, self.low), self.high) - self.low) / length if length else 0.5
        return self.start + part * (self.end - self.start)


def _frame(along: _Axis, up: _Axis, below: str, beside: str) -> Iterator[str]:
    left, bottom, middle = along.start, up.start, (along.start + along.end) / 2
    yield f'<path class="axis" fill="none" d="M{left} {up.end}V{bottom:.1f}H{along.end}"/>'
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = f"{along(share):.1f}"
        yield f'<text x="{x}" y="{bottom + 16:.1f}" text-anchor="middle">{share:.0%}</text>'
    for value in sorted({up.low, up.high}):
        yield f'<text x="{left - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{_two(value)}</text>'
    yield f'<text x="{middle}" y="{bottom + 36:.1f}" text-anchor="middle">{below}</text>'
    yield f'<text x="{left}" y="{up.end - 10:.1f}" text-anchor="end">{beside}</text>'


def _upright(spot: Spot, along: _Axis, up: _Axis) -> str:
    x = f"{along(spot.share):.1f}"
    low, value, high = up(spot.score.low), up(spot.score.value), up(spot.score.high)
    return (
        f'<line class="bar" x1="{x}" y1="{low:.1f}" x2="{x}" y2="{high:.1f}"/>'
        f'<circle class="dot" cx="{x}" cy="{value:.1f}" r="3.5"/>'
    )


def _labels(arms: Sequence[Spot], along: _Axis, up: _Axis, column: float) -> Iterator[str]:
    """Yield a label for each arm in a column, none over another, with a line to its point."""
    y = up.end - _GAP
    room = up.start
    ordered = sorted(arms, key=lambda arm: up(arm.score.value))
    for number, arm in enumerate(ordered):
        latest = room - _GAP * (len(ordered) - 1 - number)  # so that the others still fit
        y = max(y + _GAP, min(up(arm.score.value), latest))
        x, at = along(arm.share), up(arm.score.value)
        yield f'<line class="lead" x1="{x:.1f}" y1="{at:.1f}" x2="{column - 4}" y2="{y:.1f}"/>'
        yield f'<text x="{column}" y="{y + 4:.1f}">{_label(arm.label)}</text>'


def _row(arm: Place, along: _Axis, y: float, left: float) -> Iterator[str]:
    yield f'<text x="{left - 12}" y="{y + 4:.1f}" text-anchor="end">{_label(arm.label)}</text>'
    if arm.at is None:
        yield f'<text x="{along(0.5):.1f}" y="{y + 4:.1f}" text-anchor="middle">not told</text>'
        return
    low, value, high = along(arm.at.low), along(arm.at.value), along(arm.at.high)
    yield f'<g class="{"mark" if arm.marked else "arm"}">'
    yield f'<line class="bar" x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}"/>'
    yield f'<circle class="dot" cx="{value:.1f}" cy="{y:.1f}" r="4"/></g>'


def _svg(title: str, told: str, width: float, height: float, parts: Sequence[str]) -> str:
    name = "chart-" + sha256(f"{title}\0{told}".encode("utf-8", "replace")).hexdigest()[:12]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="curate-chart" role="img" '
            f'aria-labelledby="{name}-title {name}-told" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}">',
            f'<title id="{name}-title">{_safe(title)}</title>',
            f'<desc id="{name}-told">{_safe(told)}</desc>',
            f"<style>{_STYLE}</style>",
            *parts,
            "</svg>",
        )
    )


def _spoken_spots(ends: tuple[float, float], line: Sequence[Spot], arms: Sequence[Spot]) -> str:
    told = [f"Without the original teacher {_two(ends[0])}, with all its rows {_two(ends[1])}."]
    told += [f"Random {spot.share:.0%}: {_spoken(spot.score)}." for spot in line]
    told += [f"{arm.label}, {arm.share:.0%}: {_spoken(arm.score)}." for arm in arms]
    return " ".join(told)


def _spoken_places(arms: Sequence[Place], margin: float) -> str:
    told = [f"Clean is 0, untouched is 1; within {margin:g} of 0 counts as removed."]
    told += [f"{arm.label}: {_spoken(arm.at) if arm.at else 'not told'}." for arm in arms]
    return " ".join(told)


def _spoken(bar: Bar) -> str:
    return f"{_two(bar.value)} ({_two(bar.low)} to {_two(bar.high)})"


def _label(text: str) -> str:
    return _safe(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _safe(text: str) -> str:
    return escape(inline(text))


def _two(value: float) -> str:
    """Return two digits, and no minus before 0."""
    return f"{round(value, 2) + 0.0:.2f}"
