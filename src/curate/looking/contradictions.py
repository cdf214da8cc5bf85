"""Does an entry of the ledger agree with itself and with the rules of its run?"""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import READER, Entry, Look
from curate.looking.lineage import Lineage
from curate.looking.rules import step_rules


class Contradictions:
    """Finds what cannot be true in an entry.

    Args:
        facts: The run's `run.json`.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._steps = step_rules(facts)
        self._lineage = Lineage(self._steps)

    def of(self, entry: Entry) -> Iterator[str]:
        """Yield what is wrong with an entry, in words."""
        position = -1
        for look in entry.trail:
            step = self._steps.get(look.step)
            if step is None:
                yield f"a look by {look.step!r}, which is no step of the run"
                continue
            if step.position <= position:
                yield f"the look by {look.step!r} is out of order"
            position = step.position
            hit = look.score is not None and step.rule.hit(look.score)
            if hit is not look.hit:
                rule = f"by the rule {_hit(hit)}"
                yield f"score {look.score} of {look.step!r} is {_hit(look.hit)}, {rule}"
            if hit and step.drops and entry.fate == "kept":
                yield f"kept, although {look.step!r} drops such a hit"
        if why := self._wrong_fate(entry):
            yield why
        yield from self._lineage.of(entry)

    def _wrong_fate(self, entry: Entry) -> str:
        by = entry.by
        if entry.fate == "kept":
            return f"kept, and yet by {by!r}" if by else ""
        if by not in self._steps and not (by == READER and entry.fate == "quarantined"):
            return f"{entry.fate} by {by!r}, which is no step of the run"
        if entry.fate == "dropped":
            look = next((look for look in entry.trail if look.step == by), None)
            if look is None or not self._may_drop(look):
                return f"dropped by {by!r}, which had no cause to"
        return ""

    def _may_drop(self, look: Look) -> bool:
        step = self._steps[look.step]
        if look.score is None:
            return step.unsure_drops
        return look.hit and (step.drops or look.rewrite.get("outcome") == "dropped")


def _hit(hit: bool) -> str:
    return "a hit" if hit else "no hit"
