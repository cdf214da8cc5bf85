"""What one input file holds, hashed while it is cut into segments."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import Any, BinaryIO, Literal, Protocol

from curate.io import cutting
from curate.io.arrays import elements
from curate.io.blocks import blocks
from curate.io.remote import objects as elsewhere
from curate.io.segments import stamp
from curate.io.sources import BOM, Source
from curate.io.tables import hub, rows
from curate.io.tables.opening import Table, opened
from curate.io.tables.report import Report


class Content(Protocol):
    """The lines of one open input."""

    bom: bool
    """A byte order mark stood at the start."""
    final_newline: bool
    """The last line so far has its terminator."""
    read: int
    """Bytes hashed so far: from the start to the end of the last cut."""
    stamp: tuple[int, int]
    """Size and time of change (ns) of the file when it was opened; zeros where it is not here."""

    def cut(self, lines: int, size: int) -> Iterator[tuple[bytes, int]]:
        """Yield (bytes, lines in them), as segments want them."""

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the bytes so far."""

    def taken(self) -> int:
        """Return how many of the bytes on disk were used so far, about."""

    def told(self) -> Mapping[str, Any] | None:
        """Return what became of the columns of a table; None where there are none."""


def content(source: Source, block: int) -> AbstractContextManager[Content]:
    """Open a source.

    Args:
        source: The input.
        block: Bytes read at once; changes no result.

    Raises:
        OSError: the file cannot be read.
        InputError: it is a table, and damaged.
    """
    return _rows(source) if source.is_table else _text(source, block)


@contextmanager
def _text(source: Source, block: int) -> Iterator[Content]:
    with bytes_of(source) as file:
        yield _Text(source, file, block)


@contextmanager
def _rows(source: Source) -> Iterator[Content]:
    report = Report()
    if source.format == "hub":
        with hub.opened(source.name, report) as table:
            yield _Rows(source, table, report)
        return
    with table_of(source) as table:
        yield _Rows(source, table, report)


def bytes_of(source: Source) -> AbstractContextManager[BinaryIO]:
    """Open the stored bytes of a source, here or elsewhere."""
    if source.url is not None:
        return elsewhere.opened(source.url)
    assert source.path is not None  # noqa: S101  (a file has either)
    return open(source.path, "rb", buffering=0)


@contextmanager
def table_of(source: Source) -> Iterator[Table]:
    """Open a source that is a Parquet or an Arrow file, here or elsewhere."""
    kind: Literal["parquet", "arrow"] = "parquet" if source.format == "parquet" else "arrow"
    if source.path is not None:
        with opened(source.path, kind, source.name) as table:
            yield table
        return
    with bytes_of(source) as file, opened(file, kind, source.name) as table:
        yield table


class _Text:
    """The decompressed bytes of a file of lines, or of an array."""

    def __init__(self, source: Source, file: BinaryIO, block: int) -> None:
        self.bom = False
        self.final_newline = True
        self.read = 0
        self.stamp = stamp(file.fileno()) if source.path is not None else (0, 0)
        self._file = file
        self._sha256 = hashlib.sha256()
        self._is_array = source.format == "json"
        self._blocks = blocks(file, source.compression, source.name, block)

    def cut(self, lines: int, size: int) -> Iterator[tuple[bytes, int]]:
        self._blocks = self._without_bom()
        if self._is_array:
            yield from cutting.pack(elements(self._blocks, self._hash), lines, size)
            return
        for data, count in cutting.cut(self._blocks, lines, size):
            self._hash(data)
            self.final_newline = data.endswith(b"\n")
            yield data, count

    def digest(self) -> str:
        return self._sha256.hexdigest()

    def taken(self) -> int:
        return self._file.tell()

    def told(self) -> None:
        return None

    def _without_bom(self) -> Iterator[bytes]:
        head = b""
        for block in self._blocks:
            head += block
            if len(head) >= len(BOM):
                break
        self.bom = head.startswith(BOM)
        if self.bom:
            self._hash(BOM)
        return chain([head.removeprefix(BOM)], self._blocks)

    def _hash(self, data: bytes) -> None:
        self._sha256.update(data)
        self.read += len(data)


class _Rows:
    """The rows of a table as JSON lines, which are what is hashed."""

    bom = False
    final_newline = True
    stamp = (0, 0)

    def __init__(self, source: Source, table: Table, report: Report) -> None:
        self.read = 0
        self._source, self._table, self._report = source, table, report
        self._sha256 = hashlib.sha256()

    def cut(self, lines: int, size: int) -> Iterator[tuple[bytes, int]]:
        found = rows.lines(self._table.batches, self._source.name, self._report)
        for data, count in cutting.pack(found, lines, size):
            self._sha256.update(data)
            self.read += len(data)
            yield data, count

    def digest(self) -> str:
        return self._sha256.hexdigest()

    def taken(self) -> int:
        return int(self._source.stored * self._table.done())

    def told(self) -> Mapping[str, Any]:
        return self._report.dump()
