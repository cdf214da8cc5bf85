"""What a report must not tell: names that hold what a sensitive step marked, and unseen texts.

A teacher, a source or a reason stands in tables, away from the record it comes from; so a name that
is hidden in one record is hidden in all. A text that a sensitive step did not see is not shown, as
nobody looked for what must be masked in it.
"""

from collections.abc import Iterable

from curate.ledger import Entry
from curate.looking.exhibits import exhibit
from curate.looking.lines import Line
from curate.looking.masking import Mask
from curate.looking.rewrites import is_new, reasons
from curate.looking.unseen import sensitive_steps, unseen_by
from curate.looking.views import Views

MASKED = "(masked)"
"""What stands for a name that is hidden."""
MOST = 1000
"""Where more different names than that are hidden, no name is told."""


class Hidden:
    """Learns from every record of a run what is hidden; nothing is where `unmask` is true.

    Args:
        steps: Those known to be sensitive.
        unmask: Hide nothing.
    """

    def __init__(self, steps: Iterable[str] = (), *, unmask: bool = False) -> None:
        self.unmask = unmask
        self._names: set[str] = set()
        self._steps: set[str] = set() if unmask else set(steps)

    def add(self, line: Line, views: Views) -> None:
        """Hide the names in a record that repeat what a sensitive step marked in it."""
        steps = set() if self.unmask else sensitive_steps(line.entry)
        self._steps |= steps
        if not steps or len(self._names) > MOST:
            return
        shown = exhibit(line, views.of(line), unmask=True)
        mask = Mask(line.entry.trail, shown.turns, shown.before)
        names = {shown.teacher, shown.teacher_before, shown.source, *_told(line.entry)}
        self._names |= {name for name in names if name and mask.text(name) != name}

    def name(self, name: str) -> str:
        """Return the name, or what stands for it."""
        return MASKED if name in self._names or len(self._names) > MOST else name

    def unseen_by(self, entry: Entry) -> tuple[str, ...]:
        """Return the sensitive steps that did not see a record: its text is not shown."""
        return unseen_by(self._steps, entry)


def _told(entry: Entry) -> Iterable[str | None]:
    """Yield the names that the ledger tells of a record."""
    yield entry.reason
    for look in entry.trail:
        yield from reasons(look)
        if is_new(look):
            yield from look.rewrite["teacher"].values()
