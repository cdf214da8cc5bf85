"""Rows written as JSON lines: the bytes they are, and nothing is decoded."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import zstandard

from curate.exporting.rows import Row


def write_lines(rows: Iterable[Row], path: Path) -> None:
    """Write a line a row; `.gz` and `.zst` are compressed."""
    with path.open("wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                _write(rows, packed)  # type: ignore[arg-type]
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as packed:
                _write(rows, packed)
        else:
            _write(rows, raw)


def _write(rows: Iterable[Row], file: BinaryIO) -> None:
    for row in rows:
        file.write(row.line + b"\n")
