"""Which text of a rewritten record a step spoke of: the one that was read, or the one it has now.

Only these two can be shown. A record that was rewritten twice had a third, and what a step said of
a turn that was changed both before and after it can be found in neither.
"""

from collections.abc import Sequence
from typing import NamedTuple

from curate.ledger import Look
from curate.looking.marks import Mark, marks
from curate.looking.rewrites import is_new


class Seen(NamedTuple):
    """A look, and which turns were changed before it and after it."""

    look: Look
    earlier: frozenset[int]
    later: frozenset[int]

    @property
    def before(self) -> list[Mark]:
        """What it points at in the record as it was read."""
        return [mark for mark in marks(self.look.evidence) if mark.turn not in self.earlier]

    @property
    def after(self) -> list[Mark]:
        """What it points at in the record as it is now."""
        return [mark for mark in marks(self.look.evidence) if mark.turn not in self.later]

    @property
    def nowhere(self) -> bool:
        """Whether it points at a text that is in neither."""
        return any(mark.turn in self.earlier & self.later for mark in marks(self.look.evidence))


def seen(trail: Sequence[Look]) -> list[Seen]:
    """Return all looks at a record in order, those at a new text before it was taken among them."""
    found: list[Seen] = []
    earlier: frozenset[int] = frozenset()
    for number, look in enumerate(trail):
        later = _changed(trail[number:])
        found.append(Seen(look, earlier, later))
        earlier |= _changed([look])
        later = _changed(trail[number + 1 :])
        found += [Seen(again, earlier, later) for again in _again(look)]
    return found


def _changed(looks: Sequence[Look]) -> frozenset[int]:
    return frozenset(turn for look in looks if is_new(look) for turn in look.rewrite["turns"])


def _again(look: Look) -> list[Look]:
    return [Look(**told) for told in look.rewrite.get("again", ())]
