"""The entries of a ledger held against the lines of the row files, side by side."""

from collections.abc import Mapping
from typing import Any

from curate import ledger
from curate.ledger import LEDGER, REPLACED, ROWS, Entry
from curate.looking.hashed_lines import HashedLines, has_digest
from curate.looking.lines_read import LinesRead
from curate.looking.problems import Problems
from curate.records import BLANK


class Comparison:
    """Takes the entries in order, and for each the lines that belong to it.

    Args:
        files: The row files and `replaced.jsonl`, at their start.
        facts: The run's `run.json`.
        problems: Where to take down what does not fit.
    """

    def __init__(
        self, files: Mapping[str, HashedLines], facts: Mapping[str, Any], problems: Problems
    ) -> None:
        self.blank = 0
        """Blank lines so far."""
        self.read = LinesRead(facts)
        self._files, self._replaced, self._problems = files, files[REPLACED], problems
        self._stored = ledger.stored(facts)
        self._next = 0
        """Index of the next line."""

    def take(self, entry: Entry, place: int) -> None:
        """Compare an entry, which stands on line `place` of the ledger."""
        if entry.index < self._next:
            self._problems.add(
                ledger.place(self._stored, LEDGER, place),
                f"index {entry.index} after {self._next - 1}",
            )
        self._take_blanks(entry.index)
        self._next = entry.index + 1
        if self.read.place(entry.index) != (entry.file, entry.line):
            what = f"#{entry.index} is not line {entry.line} of {entry.file}"
            self._problems.add(ledger.place(self._stored, LEDGER, place), what)
        line = self._line(ROWS[entry.fate], entry, entry.written or entry.digest)
        if entry.written:
            line = self._line(REPLACED, entry, entry.digest)
        self.read.take(entry.index, line)

    def finish(self) -> None:
        """Compare what is left when every entry was taken."""
        while self._take_blank():
            pass
        for name in ROWS.values():
            if more := self._files[name].skip():
                what = f"has {more} lines more than {LEDGER} has entries for it"
                self._problems.add(ledger.last_file(self._stored, name), what)
        if not self._problems.total:  # anything wrong so far makes other inputs
            for name in self.read.changed():
                what = "the lines that the run directory has of it are not what was read"
                self._problems.add(name, what)

    def _take_blanks(self, stop: int) -> None:
        """Take the lines before the one at `stop`, which have no entry."""
        while self._next < stop:
            if not self._take_blank():
                what = f"ends before line #{self._next} of the run, which has no entry"
                self._problems.add(ledger.last_file(self._stored, REPLACED), what)
                return

    def _take_blank(self) -> bool:
        """Take one line that should be blank; return False where there is none."""
        line = self._replaced.next()
        if not line:
            return False
        if line.strip(BLANK):
            what = f"is not blank, and line #{self._next} of the run has no entry"
            place = ledger.place(self._stored, REPLACED, self._replaced.lines)
            self._problems.add(place, what)
        self.read.take(self._next, line)
        self.blank += 1
        self._next += 1
        return True

    def _line(self, name: str, entry: Entry, digest: str) -> bytes:
        """Return the next line of a file, which should be the entry's and have this digest."""
        file = self._files[name]
        line = file.next()
        place = f"{entry.file}:{entry.line} (#{entry.index})"
        if not line:
            self._problems.add(ledger.last_file(self._stored, name), f"has no line for {place}")
        elif not has_digest(line, digest):
            what = f"is not the line of {place}: its digest differs"
            self._problems.add(ledger.place(self._stored, name, file.lines), what)
        return line
