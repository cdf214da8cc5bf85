"""Listening to a run that writes nothing: what became of each segment goes to the watch."""

from collections.abc import Collection, Mapping, Sequence

from curate import ledger
from curate.engine.parts import ALIVE, BY_READER, Part
from curate.engine.rendering import ledger_lines
from curate.engine.sinks import Nowhere
from curate.gate.authors import Author, author
from curate.gate.describing import Row
from curate.gate.watching import Watch
from curate.ledger import FATES
from curate.looking.lines import Line
from curate.records import View


class Listener(Nowhere):
    """Takes the segments of one run in input order.

    Args:
        watch: What counts.
        target: The number of the corpus among the targets.
        formats: Input -> how it is laid out.
        sensitive: Steps whose finds must not be shown.
        close: Every kept row is looked at: its teacher is asked for, or no step read it.
        unmask: Show what steps marked as sensitive.
    """

    def __init__(
        self,
        watch: Watch,
        target: int,
        formats: Mapping[str, str],
        sensitive: Collection[str] = (),
        *,
        close: bool,
        unmask: bool,
    ) -> None:
        self.watch, self.target, self.formats = watch, target, formats
        self.sensitive = sensitive
        self.close, self.unmask = close, unmask

    def take(self, part: Part, data: bytes, names: Sequence[str], view: View) -> None:
        """Count a segment, and look closely at the rows that may have findings."""
        for number, fate in enumerate(FATES):
            self.watch.fates[fate] += part.fates.count(number)
        self.watch.unreadable += sum(part.by[n] == BY_READER for n in part.notes)
        authors = self._authors(part, data, view)
        unwanted = {n for n, each in authors.items() if self.watch.unwanted(each.name)}
        wanted = [
            n
            for n, (mask, fate) in enumerate(zip(part.masks, part.fates, strict=True))
            if mask or fate != ALIVE or n in unwanted
        ]
        if not wanted:
            return
        entries = ledger_lines(part, names).split(b"\n")
        for n in wanted:
            self._look(ledger.entry(entries[n]), part, n, data, view, authors.get(n))

    def _look(
        self,
        entry: ledger.Entry,
        part: Part,
        n: int,
        data: bytes,
        view: View,
        author: Author | None,
    ) -> None:
        raw = data[part.starts[n] : part.ends[n]]
        new = part.rewritten.get(n)
        line = Line(entry, raw) if new is None else Line(entry, new.raw, raw)
        format_ = self.formats.get(entry.file, "")
        row = Row(line, view, self.target, format_, self.sensitive, unmask=self.unmask)
        self.watch.take(entry, row, author)

    def _authors(self, part: Part, data: bytes, view: View) -> dict[int, Author]:
        """Return who wrote the kept rows; count those that are no records."""
        if not self.close:
            if view.shape.name == "unknown":
                self.watch.strangers += part.fates.count(ALIVE)
            return {}
        found = {}
        for n, fate in enumerate(part.fates):
            if fate != ALIVE:
                continue
            new = part.rewritten.get(n)
            raw = data[part.starts[n] : part.ends[n]] if new is None else new.raw
            found[n] = author(raw, view, None if new is None else new.teacher)
            self.watch.strangers += not found[n].is_record
        return found if self.watch.names_teachers else {}
