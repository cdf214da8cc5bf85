"""The look at a corpus: one pass over every row, and all that was counted in it.

`dump` gives it as JSON. Its keys are the fields of `Survey`, and below them those of the classes
that it names; a count of rows is a whole number, and a list of names has the most rows first:

    schema         1; raised when a key changes its meaning
    rows           lines that are not blank = records + unreadable + not_records
    files          name, shape, bytes, lines, blank, rows, ..., uneven_keys    (File)
    unreadable_because, not_records_because    reason, rows, first as file:line    (Fault)
    teachers       named, places, unnamed_rows, alike, ...    (Teachers)
    sources        names, others    (Counts); rows_without_source
    conversations  sequences, turns, tool_calls, system_prompts, broken    (Conversations)
    lengths        prompt, response, longest, finish, cut_off    (Lengths)
    repeats        part, normalised, rows, repeats, new_answer    (Repeated)
    shared_prompts prompts, shared, teachers    (Shared)
    written        kind, sample, counts, unsure, note    (Written)

Memory: 70 MB, and 350 MB per million different records, most of it to compare them; a record takes
24 bytes for its lengths and its teacher. Telling languages takes 100 MB more. Quantiles are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from curate import corpora
from curate.api import Context, Filter
from curate.errors import LedgerError
from curate.filters.roles import Roles
from curate.plan import Input
from curate.records import Record
from curate.surveying import languages, repeats
from curate.surveying.conversations import Conversations, ConversationTally
from curate.surveying.faults import Fault
from curate.surveying.files import File, Files
from curate.surveying.languages import Written
from curate.surveying.lengths import Lengths, LengthTally
from curate.surveying.names import Counts, Names
from curate.surveying.repeats import Repeated, Repeats, Shared
from curate.surveying.sample import Sample
from curate.surveying.teachers import Teachers, TeacherTally

SCHEMA = 1
_ROWS = 500
_BYTES = 8 << 20
"""A batch is counted after this many rows, or with the row that makes it this many bytes."""

Progress = Callable[[int, float | None], None]
"""Is told the rows so far, and which share of the bytes that is."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a corpus holds."""

    rows: int
    records: int
    unreadable: int
    not_records: int
    files: tuple[File, ...]
    unreadable_because: tuple[Fault, ...]
    not_records_because: tuple[Fault, ...]
    teachers: Teachers
    sources: Counts
    rows_without_source: int
    conversations: Conversations
    lengths: Lengths
    repeats: tuple[Repeated, ...]
    shared_prompts: Shared
    written: Written

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"schema": SCHEMA, **asdict(self)}


def survey(
    arguments: Sequence[str],
    settings: Input,
    language: Filter | None = None,
    progress: Progress = lambda _rows, _share: None,
) -> tuple[Survey, Sequence[Record]]:
    """Look at all rows of the files that `arguments` name; return what is there, and a sample.

    Args:
        arguments: Whatever `io.sources.expand` takes, but standard input.
        settings: How rows are read.
        language: The filter that tells languages, where it is installed.
        progress: Is told how far the look is.

    Raises:
        InputError: a file is missing, or cannot be read to its end.
        LedgerError: the counts do not add up.
    """
    reader = corpora.reader(arguments, settings)
    files, rows = Files(reader), 0
    with _opened() as look:
        for batch in _batches(corpora.records(reader, settings)):
            look.add(files.records(batch))
            rows += len(batch)
            progress(rows, reader.fraction())
        return _checked(look.survey(rows, files, language)), look.sample.records()


class _Look:
    """The tallies of all aspects."""

    def __init__(self, compared: Repeats, conversations: ConversationTally) -> None:
        self.sample = Sample()
        self._compared, self._conversations = compared, conversations
        self._teachers, self._lengths, self._sources = TeacherTally(), LengthTally(), Names()
        self._records = self._without_source = 0

    def add(self, records: Sequence[Record]) -> None:
        """Count records."""
        self._conversations.add(records)
        self._compared.add(records, [self._teachers.add(record) for record in records])
        for record in records:
            self._records += 1
            self._lengths.add(record)
            if (source := record.source) is None:
                self._without_source += 1
            else:
                self._sources.add(source)
            self.sample.add(record)

    def survey(self, rows: int, files: Files, language: Filter | None) -> Survey:
        """Return what was counted."""
        each = files.files()
        unreadable, not_records = files.faults()
        return Survey(
            rows=rows,
            records=self._records,
            unreadable=sum(fault.rows for fault in unreadable),
            not_records=sum(fault.rows for fault in not_records),
            files=each,
            unreadable_because=unreadable,
            not_records_because=not_records,
            teachers=self._teachers.teachers(),
            sources=self._sources.counts(),
            rows_without_source=self._without_source,
            conversations=self._conversations.conversations(),
            lengths=self._lengths.lengths(),
            repeats=self._compared.repeated(),
            shared_prompts=self._compared.shared(self._teachers.names()),
            written=languages.written(self.sample.records(), language),
        )


@contextmanager
def _opened() -> Iterator[_Look]:
    with repeats.opened() as compared, Roles().open(Context()) as judge:
        yield _Look(compared, ConversationTally(judge))


def _batches(rows: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.raw)
        if len(batch) >= _ROWS or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _checked(found: Survey) -> Survey:
    """Return it when its counts add up, file by file and over the corpus."""
    books = [
        (each.name, each.lines - each.blank, each.rows, each.records, each.unreadable,
         each.not_records)
        for each in found.files
    ]  # fmt: skip
    total = sum(each.rows for each in found.files)
    books.append(
        ("all files", total, found.rows, found.records, found.unreadable, found.not_records)
    )
    for name, lines, rows, records, unreadable, not_records in books:
        if not lines == rows == records + unreadable + not_records:
            raise LedgerError(
                f"{name}: {rows:,} rows are not {records:,} records + {unreadable:,} unreadable + "
                f"{not_records:,} not records; this is a bug in curate"
            )
    return found
