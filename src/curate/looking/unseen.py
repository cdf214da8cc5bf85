"""Records that a sensitive step never saw: nobody marked what must not be shown of them.

That a step is sensitive is known by its hits: the ledger says so of each.
"""

from collections.abc import Iterable

from curate.ledger import Entry
from curate.looking.marks import sensitive
from curate.visible import inline

REMEDY = "put sensitive steps first, or --unmask"


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
