"""Marks: what the steps of a run pointed at in a record, read out of their evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from curate.ledger import Look

Range = tuple[int, int]
"""Characters from the first to before the second."""


class Mark(NamedTuple):
    """Characters `start` to `end` of turn number `turn`, and what a step called them."""

    turn: int
    start: int
    end: int
    label: str = ""


def marks(evidence: Mapping[str, Any]) -> list[Mark]:
    """Return the spans of one verdict's evidence; items that are no spans are left out."""
    spans = evidence.get("spans")
    return [mark for span in spans if (mark := _mark(span))] if isinstance(spans, list) else []


def sensitive(look: Look) -> bool:
    """Say whether what the step pointed at must not be shown."""
    return look.evidence.get("sensitive") is True


def listed(look: Look) -> bool:
    """Say whether every match of the look is among its spans (evidence may be cut short)."""
    matches = look.evidence.get("matches", int(look.hit))
    return isinstance(matches, int) and len(marks(look.evidence)) >= matches


def ranges(found: Iterable[Mark], turn: int, length: int) -> list[Range]:
    """Return the marked characters of one turn, in order, overlaps joined, within its length."""
    joined: list[Range] = []
    for mark in sorted(mark for mark in found if mark.turn == turn):
        start, end = max(mark.start, 0), min(mark.end, length)
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _mark(span: Any) -> Mark | None:
    if not isinstance(span, Sequence) or isinstance(span, str) or len(span) not in (3, 4):
        return None
    if not all(isinstance(number, int) for number in span[:3]):
        return None
    return Mark(span[0], span[1], span[2], str(span[3]) if len(span) == 4 else "")
