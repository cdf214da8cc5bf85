"""What of a row is shown beside a finding: the words around the match, masked, on one line.

Only what a step pointed at is shown. A row that no step could read may hold anything, and nobody
has marked what must not be seen in it, so nothing of it is shown unless asked for.
"""

import json
from typing import NamedTuple

from curate.looking.exhibits import HELD, Exhibit
from curate.looking.lines import Line
from curate.looking.marks import Range, ranges
from curate.looking.versions import seen
from curate.records import Record, View
from curate.visible import inline

AROUND = 60
"""Characters shown on each side of a match."""
WITHIN = 120
"""Characters shown of a match."""


class Excerpt(NamedTuple):
    """The words to show, and where the match is."""

    text: str = ""
    turn: int | None = None
    span: Range | None = None


def excerpt(shown: Exhibit, step: str, *, unmask: bool) -> Excerpt:
    """Return the words around the first match of a step.

    Args:
        shown: The row, masked unless `unmask`.
        step: Which step's matches.
        unmask: Rows that could not be read may be shown.
    """
    if shown.withheld:
        return Excerpt(f"[{HELD}]")
    if shown.line and unmask:
        at = shown.column or 0
        return Excerpt(_cut(shown.line, at, min(at + 1, len(shown.line))))
    for each in seen(shown.entry.trail):
        if each.look.step != step or not each.look.hit:
            continue
        for found, turns in ((each.after, shown.turns), (each.before, shown.before)):
            for mark in found:
                text = turns[mark.turn].text if 0 <= mark.turn < len(turns) else ""
                if matches := ranges([mark], mark.turn, len(text)):
                    return Excerpt(_cut(text, *matches[0]), mark.turn, matches[0])
    return Excerpt()


def columns(line: Line, view: View, found: Excerpt) -> tuple[int, int] | None:
    """Return where a match stands in its line, 1-based and half open, where that is plain to see.

    It is where the turn stands in the line as JSON writes it, once.

    Args:
        line: The row.
        view: How it is read.
        found: The excerpt.
    """
    if found.span is None or found.turn is None or line.before:
        return None
    row = line.row.decode("utf-8", "surrogateescape")
    turns = Record(line.row, line.entry.line, line.entry.file, view).turns
    text, (start, end) = turns[found.turn].text, found.span
    for ascii_only in (False, True):
        whole, before, match = (
            json.dumps(part, ensure_ascii=ascii_only)[1:-1]
            for part in (text, text[:start], text[start:end])
        )
        if row.count(whole) == 1:
            at = row.index(whole) + len(before) + 1
            return at, at + len(match)
    return None


def _cut(text: str, start: int, end: int) -> str:
    low, high = max(start - AROUND, 0), min(end + AROUND, len(text))
    match = text[start:end]
    if len(match) > WITHIN:
        match = match[:WITHIN] + "…"
    parts = [
        "…" * (low > 0),
        inline(text[low:start]),
        f"«{inline(match)}»",
        inline(text[end:high]),
        "…" * (high < len(text)),
    ]
    return "".join(parts)
