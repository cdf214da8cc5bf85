"""What every file of a corpus holds: rows, blank lines, the shape, what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from curate.errors import NotARecord
from curate.io.reading import FileFacts, Reader
from curate.records import Record, Unreadable
from curate.surveying.faults import Fault, Faults
from curate.surveying.keys import Key, Keys


@dataclass(frozen=True, slots=True)
class File:
    """One file; `rows` are its lines that are not blank."""

    name: str
    shape: str | None
    """None where there is no row."""
    bytes: int
    """Decompressed."""
    lines: int
    blank: int
    rows: int
    records: int
    unreadable: int
    not_records: int
    uneven_keys: tuple[Key, ...]
    other_keys: int
    """How often rows have a key beyond the first few hundred different ones."""


class Files:
    """Takes rows as they are read and passes on those that are records."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._files = {source.name: _Tally() for source in reader.sources}
        self._unreadable = Faults()
        self._not_records = Faults()

    def records(self, rows: Sequence[Record]) -> list[Record]:
        """Count rows; return those that have turns."""
        return [row for row in rows if self._is_record(row)]

    def files(self) -> tuple[File, ...]:
        """Return what was counted, once the reader is at its end."""
        return tuple(self._files[facts.name].file(facts) for facts in self._reader.files)

    def faults(self) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """Return why rows cannot be read, and why others are no records."""
        return self._unreadable.faults(), self._not_records.faults()

    def _is_record(self, record: Record) -> bool:
        tally = self._files[record.file]
        tally.rows += 1
        tally.shape = tally.shape or record.view.shape.name
        try:
            row = record.row
        except Unreadable as error:
            tally.unreadable += 1
            self._unreadable.add(error.reason, record)
            return False
        tally.keys.add(row)
        try:
            _ = record.turns
        except NotARecord as error:
            tally.not_records += 1
            self._not_records.add(str(error), record)
            return False
        tally.records += 1
        return True


class _Tally:
    def __init__(self) -> None:
        self.shape: str | None = None
        self.rows = self.records = self.unreadable = self.not_records = 0
        self.keys = Keys()

    def file(self, facts: FileFacts) -> File:
        return File(
            name=facts.name,
            shape=self.shape,
            bytes=facts.size,
            lines=facts.lines,
            blank=facts.lines - self.rows,
            rows=self.rows,
            records=self.records,
            unreadable=self.unreadable,
            not_records=self.not_records,
            uneven_keys=self.keys.uneven(),
            other_keys=self.keys.others,
        )
