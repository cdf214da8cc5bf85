"""A record's fate and its trail in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.ledger import Entry, Look
from curate.looking import rewrite_text
from curate.looking.wording import evidence, outcome, verdict
from curate.visible import inline


def fate(entry: Entry) -> str:
    """Return what became of a record, who decided it, and who else hit it, on one line."""
    deciding = next((look for look in entry.trail if look.step == entry.by), None)
    said = f"{entry.fate} by {inline(entry.by)}" if entry.by else entry.fate
    if entry.reason:
        said += f": {inline(entry.reason)}: {inline(entry.detail)}"
    elif deciding:
        said += f": {_outcome(deciding)}"
    hits = (look for look in entry.trail if look.hit and look is not deciding)
    return "; ".join([said, *(f"hit by {inline(look.step)}: {_outcome(look)}" for look in hits)])


def trail(entry: Entry, steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield, line by line, what every step of the run saw in the record and did with it.

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
        yield f"{head}: {verdict(look, step['rule'])}{_consequence(entry, look, step)}"
        yield from (f"     {line}" for line in evidence(look.evidence))
        if look.rewrite:
            yield from (f"     {line}" for line in rewrite_text.lines(look))


def _outcome(look: Look) -> str:
    return outcome(look) + (f", {rewrite_text.brief(look)}" if look.rewrite else "")


def _unseen(entry: Entry, step: str) -> str:
    if entry.by == step:
        return f"{entry.fate} it: {inline(entry.reason)}: {inline(entry.detail)}"
    return f"did not see it; {entry.by or 'nobody'} had {entry.fate} it"


def _consequence(entry: Entry, look: Look, step: Mapping[str, Any]) -> str:
    if entry.by == look.step:
        return f" -> {entry.fate}"
    if look.rewrite:
        return f" -> {inline(look.rewrite['outcome'])}"
    return f" -> {step['do']}" if look.hit else ""
