"""What a step saw in a record, in words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import Look
from curate.looking.marks import Mark, marks
from curate.visible import inline

SPANS = 10
"""How many spans of one look are listed."""


def number(value: float) -> str:
    """Return a number as short as it can be said exactly: 1 for 1.0."""
    return repr(value).removesuffix(".0")


def outcome(look: Look) -> str:
    """Return reason and score of one look."""
    reason = inline(look.reason)
    if look.score is None:
        return f"abstained: {reason}" if reason else "abstained"
    score = f"score {number(look.score)}"
    return f"{reason} ({score})" if reason else score


def verdict(look: Look, rule: str = "") -> str:
    """Return whether a look is a hit and why, with the rule it goes by."""
    if look.score is None:
        return outcome(look)
    says = "is a hit" if look.hit else "is no hit"
    by = f" ({rule})" if rule else ""
    reason = f": {inline(look.reason)}" if look.reason else ""
    return f"score {number(look.score)} {says}{by}{reason}"


def evidence(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a plugin says of a record, line by line."""
    for key, value in told.items():
        if key == "spans" and (found := marks(told)):
            yield from (_span(mark) for mark in found[:SPANS])
            if len(found) > SPANS:
                yield f"and {len(found) - SPANS} more spans"
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield f"{inline(key)}: {inline(text)}"


def _span(mark: Mark) -> str:
    label = f": {inline(mark.label)}" if mark.label else ""
    return f"turn {mark.turn + 1}, characters {mark.start} to {mark.end}{label}"
