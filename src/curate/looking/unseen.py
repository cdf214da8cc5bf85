"""Records that a sensitive step never saw: nobody marked what must not be shown of them.

That a step is sensitive is known by what `run.json` says of it, and by its hits: a filter may find
what it did not say it looks for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from curate.ledger import Entry
from curate.looking.marks import sensitive
from curate.visible import inline

REMEDY = "put sensitive steps first, or --unmask"


def declared_sensitive(facts: Mapping[str, Any]) -> set[str]:
    """Return the steps that are sensitive by what `run.json` says."""
    return {step["name"] for step in facts["steps"] if step.get("sensitive")}


def sensitive_steps(entry: Entry) -> set[str]:
    """Return the steps whose hit on the record was sensitive."""
    return {look.step for look in entry.trail if sensitive(look)}


def unseen_by(steps: Iterable[str], *entries: Entry) -> tuple[str, ...]:
    """Return, in order of their names, those of `steps` that are in no trail of the entries."""
    seen = {look.step for entry in entries for look in entry.trail}
    return tuple(sorted(set(steps) - seen))


def withheld(steps: Iterable[str]) -> str:
    """Return in words why a text is not shown."""
    return f"withheld: {', '.join(f'`{inline(step)}`' for step in steps)} did not see it"
