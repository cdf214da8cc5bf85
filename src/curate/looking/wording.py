"""A record's fate and its trail in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.ledger import Entry, Look
from curate.looking.marks import Mark, marks
from curate.visible import inline

SPANS = 10
"""How many spans of one look are listed."""


def number(value: float) -> str:
    """Return a number as short as it can be said exactly: 1 for 1.0."""
    return repr(value).removesuffix(".0")


def fate(entry: Entry) -> str:
    """Return what became of a record, who decided it, and who else hit it, on one line."""
    deciding = next((look for look in entry.trail if look.step == entry.by), None)
    said = f"{entry.fate} by {inline(entry.by)}" if entry.by else entry.fate
    if entry.reason:
        said += f": {inline(entry.reason)}: {inline(entry.detail)}"
    elif deciding:
        said += f": {outcome(deciding)}"
    hits = (look for look in entry.trail if look.hit and look is not deciding)
    return "; ".join([said, *(f"hit by {inline(look.step)}: {outcome(look)}" for look in hits)])


def outcome(look: Look) -> str:
    """Return reason and score of one look."""
    reason = inline(look.reason)
    if look.score is None:
        return f"abstained: {reason}" if reason else "abstained"
    score = f"score {number(look.score)}"
    return f"{reason} ({score})" if reason else score


def trail(entry: Entry, steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield, line by line, what every step of the run saw in the record.

    Args:
        entry: The record's entry.
        steps: The steps as `run.json` has them.
    """
    seen = {look.step: look for look in entry.trail}
    for position, step in enumerate(steps, 1):
        name = inline(step["name"])
        head = f"{position}. {name}" + (f" ({step['use']})" if step["use"] != step["name"] else "")
        look = seen.get(step["name"])
        if look is None:
            yield f"{head}: {_unseen(entry, step['name'])}"
            continue
        yield f"{head}: {_verdict(look, step)}{_consequence(entry, look, step)}"
        yield from (f"     {line}" for line in _evidence(look.evidence))


def _unseen(entry: Entry, step: str) -> str:
    if entry.by == step:
        return f"{entry.fate} it: {inline(entry.reason)}: {inline(entry.detail)}"
    return f"did not see it; {entry.by or 'nobody'} had {entry.fate} it"


def _verdict(look: Look, step: Mapping[str, Any]) -> str:
    if look.score is None:
        return outcome(look)
    says = "is a hit" if look.hit else "is no hit"
    reason = f": {inline(look.reason)}" if look.reason else ""
    return f"score {number(look.score)} {says} ({step['rule']}){reason}"


def _consequence(entry: Entry, look: Look, step: Mapping[str, Any]) -> str:
    if entry.by == look.step:
        return f" -> {entry.fate}"
    return f" -> {step['do']}" if look.hit else ""


def _evidence(evidence: Mapping[str, Any]) -> Iterator[str]:
    for key, value in evidence.items():
        if key == "spans" and (found := marks(evidence)):
            yield from (_span(mark) for mark in found[:SPANS])
            if len(found) > SPANS:
                yield f"and {len(found) - SPANS} more spans"
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield f"{inline(key)}: {inline(text)}"


def _span(mark: Mark) -> str:
    label = f": {inline(mark.label)}" if mark.label else ""
    return f"turn {mark.turn + 1}, characters {mark.start} to {mark.end}{label}"
