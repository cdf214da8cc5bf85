"""What was left after every step, as bars below each other."""

from collections.abc import Iterator
from typing import NamedTuple

from curate.report.model import Report
from curate.report.numbers import number
from curate.report.page.html import Html
from curate.report.page.svg import WIDE, bar, drawing, words

_ROW, _LEFT, _RIGHT, _THIN = 30.0, 170.0, 190.0, 1.5
_LONGEST = 24
"""Letters of a name that are drawn; the table has all of them."""


class _Fall(NamedTuple):
    name: str
    left: int
    dropped: int = 0
    aside: int = 0
    end: bool = False
    """The first row or the last one."""


def waterfall(report: Report) -> Html:
    """Return the drawing."""
    rows = list(_rows(report))
    scale = (WIDE - _LEFT - _RIGHT) / max(report.counts["read"], 1)
    parts = [part for n, row in enumerate(rows) for part in _drawn(row, n * _ROW, scale)]
    told = "; ".join(f"{row.name}: {number(row.left)}" for row in rows)
    title = "Records left after every step"
    return drawing("waterfall-drawn", title, told, WIDE, _ROW * len(rows), parts)


def _rows(report: Report) -> Iterator[_Fall]:
    counts = report.counts
    yield _Fall("read", counts["read"], end=True)
    if aside := counts["unreadable"]:
        yield _Fall("reader", counts["read"] - aside, aside=aside)
    for step in report.steps:
        yield _Fall(step.name, step.left, step.dropped, step.quarantined)
    yield _Fall("kept", counts["kept"], end=True)


def _drawn(row: _Fall, y: float, scale: float) -> Iterator[Html]:
    middle, x = y + _ROW / 2, _LEFT
    name = row.name if len(row.name) <= _LONGEST else f"{row.name[: _LONGEST - 1]}…"
    yield words(_LEFT - 12, middle, name, "end", strong=row.end)
    kinds = {"left end" if row.end else "left": row.left, "dropped": row.dropped,
             "aside": row.aside}  # fmt: skip
    for kind, count in kinds.items():
        if count:
            wide = max(count * scale, _THIN)
            yield bar(kind, x, y + 6, wide, _ROW - 12)
            x += wide
    lost = [f"−{number(row.dropped)} dropped"] if row.dropped else []
    lost += [f"−{number(row.aside)} set aside"] if row.aside else []
    yield words(x + 8, middle, number(row.left) if row.end else ", ".join(lost) or "±0")
