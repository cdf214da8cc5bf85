"""Rows written as JSON lines: the bytes they are, and nothing is decoded."""

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import zstandard

from curate.exporting.rows import Row


def write_lines(rows: Iterable[Row], path: Path) -> None:
    """Write a line a row; `.gz` and `.zst` are compressed."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                _write(rows, packed.write)
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as packed:
                _write(rows, packed.write)
        else:
            _write(rows, raw.write)


def _write(rows: Iterable[Row], write: Callable[[bytes], object]) -> None:
    for row in rows:
        write(row.line + b"\n")
