"""Parquet and Arrow files, opened to be read batch by batch.

Memory is bounded by a batch of rows where the format allows it: pages of a Parquet file are decoded
as they are needed, whatever the size of a row group. An Arrow file is mapped into memory, so only a
compressed record batch has to be held as a whole. A file that is cut off or damaged is an
`InputError` at the latest when the place is reached; nothing is taken for the end that is not. A
mapped file must stay as it is: a process that reads where it was cut off meanwhile is killed
(SIGBUS, mmap(2)), so every batch begins with a look whether it has changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

from curate.errors import InputError
from curate.extras import need
from curate.io.segments import stamp

BUFFER = 1 << 20
"""Bytes of a Parquet column that are read at once."""
BATCH = 1000
"""Rows of a Parquet file that are decoded at once, at most,"""
BATCH_BYTES = 16 << 20
"""or as many as make about so many bytes, by what the file says of its size."""
END = b"\xff\xff\xff\xff\0\0\0\0"
"""What ends an Arrow stream."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is open."""

    batches: Iterator[Any]
    """Record batches, checked."""
    done: Callable[[], float] = lambda: 0.0
    """Returns how much of it was read, 0 to 1, about."""
    schema: Any = None
    """Arrow's schema, where it is known before rows are read."""


@contextmanager
def opened(at: Path | BinaryIO, kind: Literal["parquet", "arrow"], name: str) -> Iterator[Table]:
    """Yield the table in a file.

    Args:
        at: The file; one that is open is not mapped, and whoever opened it sees that it stays.
        kind: What it is.
        name: What messages call it.

    Raises:
        InputError: it is damaged or cut off, here or as `batches` comes to the place.
    """
    pa = need("pyarrow", "datasets")
    if kind == "parquet":
        with _blaming(name, "Parquet"):
            file = _parquet(at)
        with file:
            table = _parquet_table(file)
            yield replace(table, batches=_checked(table.batches, name, "Parquet"))
        return
    if not isinstance(at, Path):
        with pa.PythonFile(at, "r") as native:
            table = _arrow(native, name)
            yield replace(table, batches=_checked(table.batches, name, "Arrow"))
        return
    with _blaming(name, "Arrow"):
        memory = pa.memory_map(str(at))
    with memory, at.open("rb") as file:
        table = _arrow(memory, name)
        batches = _unchanged(table.batches, file.fileno())
        yield replace(table, batches=_checked(batches, name, "Arrow"))


def _arrow(native: Any, name: str) -> Table:
    with _blaming(name, "Arrow"):
        is_file = native.read(6) == b"ARROW1"
        native.seek(0)
        return _file(native) if is_file else _stream(native)


def _parquet(at: Path | BinaryIO) -> Any:
    return need("pyarrow.parquet", "datasets").ParquetFile(
        at, pre_buffer=False, buffer_size=BUFFER, page_checksum_verification=True
    )


def _parquet_table(file: Any) -> Table:
    facts, read = file.metadata, 0
    size = sum(facts.row_group(n).total_byte_size for n in range(facts.num_row_groups))
    rows = max(1, min(BATCH, BATCH_BYTES * facts.num_rows // max(size, 1)))

    def batches() -> Iterator[Any]:
        nonlocal read
        for batch in file.iter_batches(batch_size=rows, use_threads=False):
            read += len(batch)
            yield batch
        if read != facts.num_rows:
            raise ValueError(f"{read} rows where it says {facts.num_rows}")

    return Table(batches(), lambda: read / (facts.num_rows or 1), file.schema_arrow)


def _file(memory: Any) -> Table:
    reader, read = need("pyarrow", "datasets").ipc.open_file(memory), 0

    def batches() -> Iterator[Any]:
        nonlocal read
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            read += 1
            yield batch

    return Table(batches(), lambda: read / (reader.num_record_batches or 1), reader.schema)


def _stream(memory: Any) -> Table:
    reader, size = need("pyarrow", "datasets").ipc.open_stream(memory), memory.size()

    def batches() -> Iterator[Any]:
        yield from reader
        if memory.tell() != size or memory.read_at(len(END), max(size - len(END), 0)) != END:
            raise ValueError("it does not end with the mark that ends a stream")

    return Table(batches(), lambda: memory.tell() / size, reader.schema)


def _unchanged(batches: Iterator[Any], descriptor: int) -> Iterator[Any]:
    """Yield batches as long as the file that is open stays as it is."""
    before = stamp(descriptor)
    while True:
        if stamp(descriptor) != before:
            raise ValueError("it changed while it was read")
        batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _checked(batches: Iterator[Any], name: str, what: str) -> Iterator[Any]:
    """Yield batches of which every offset and text is sound."""
    while True:
        with _blaming(name, what):
            batch = next(batches, None)
            if batch is None:
                return
            batch.validate(full=True)
        yield batch


@contextmanager
def _blaming(name: str, what: str) -> Iterator[None]:
    """Name the file in whatever error reading it raises."""
    pa = need("pyarrow", "datasets")
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, EOFError) as error:
        told = str(error).strip().rstrip(".") or type(error).__name__
        raise InputError(
            f"{name}: the {what} data is broken or cut off: {told}; restore the file, or have "
            "it written again"
        ) from None
