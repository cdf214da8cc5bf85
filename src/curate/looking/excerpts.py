"""Excerpts: a long text shortened around the places that matter."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from curate.looking.marks import Range

LIMIT = 900
"""A text of at most this many characters is shown whole."""
AROUND = 150
"""Characters shown on each side of a match."""


class Piece(NamedTuple):
    """A run of shown characters, or (`left_out` > 0) the number of characters between two runs."""

    text: str
    match: bool = False
    left_out: int = 0


def pieces(text: str, matches: Sequence[Range], limit: int | None = LIMIT) -> Iterator[Piece]:
    """Yield the pieces of a text in order.

    Args:
        text: The text.
        matches: Ranges in order that do not overlap.
        limit: About how many characters to show; None shows all.
    """
    shown = 0
    for start, end in _windows(len(text), matches, limit):
        if start > shown:
            yield Piece("", left_out=start - shown)
        yield from _highlighted(text, start, end, matches)
        shown = end
    if shown < len(text):
        yield Piece("", left_out=len(text) - shown)


def _windows(length: int, matches: Sequence[Range], limit: int | None) -> list[Range]:
    if limit is None or length <= limit:
        return [(0, length)]
    if not matches:
        return [(0, limit * 2 // 3), (length - limit // 3, length)]
    windows: list[Range] = []
    for point in (point for match in matches for point in match):
        if sum(end - start for start, end in windows) >= limit:
            break
        start, end = max(point - AROUND, 0), min(point + AROUND, length)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _highlighted(text: str, start: int, end: int, matches: Sequence[Range]) -> Iterator[Piece]:
    at = start
    for match in matches:
        low, high = max(match[0], start), min(match[1], end)
        if low >= high:
            continue
        if low > at:
            yield Piece(text[at:low])
        yield Piece(text[low:high], match=True)
        at = high
    if at < end:
        yield Piece(text[at:end])
