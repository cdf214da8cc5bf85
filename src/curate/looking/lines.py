"""The records of a run: entry, row, and the line as it was read."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from curate import ledger
from curate.errors import LedgerError
from curate.ledger import REPLACED, Entry


class Line(NamedTuple):
    """An entry with its line as it stands in its row file.

    `before` is the line as it was read, where the record was rewritten; else empty.
    """

    entry: Entry
    row: bytes
    before: bytes = b""


def lines(run: Path) -> Iterator[Line]:
    """Yield every record of a run.

    Raises:
        LedgerError: the original of a rewritten record is missing; see also `ledger.rows`.
    """
    replaced, stored = None, ledger.read_stored(run)
    index = blank = 0
    with ExitStack() as stack:
        for entry, row in ledger.rows(run, stored):
            blank += entry.index - index
            index = entry.index + 1
            before = b""
            if entry.written:
                if replaced is None:
                    replaced = stack.enter_context(ledger.opened(run, REPLACED, stored))
                for _ in range(blank + 1):  # the blank lines before it, and its own
                    before = replaced.readline()
                blank = 0
                if not before:
                    path = run / ledger.last_file(stored, REPLACED)
                    raise LedgerError(f"{path}: ends before the ledger's line {index - 1}")
            yield Line(entry, row, before)
