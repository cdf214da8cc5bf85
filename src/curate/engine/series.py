"""An output while it is written: the file that grows, and before it the shards that are complete.

Every segment is compressed for itself, as one gzip member or one zstd frame, so that what was
committed always ends where one does, and the bytes depend on the segments alone. A complete shard
is not read again when a run goes on: what is known of it stands in the state.
"""

import os
import zlib
from pathlib import Path
from typing import Any

import zstandard

from curate.engine.appender import Appender
from curate.errors import LedgerError
from curate.io.blocks import Compression
from curate.ledger import PART, Layout, names_left, output_of

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 3


class Series:
    """The files of one output.

    Args:
        path: The folder of the run.
        output: The output that is written.
        layout: When a file is complete, and how it is compressed.
        saved: What `saved` returned at the last commit; None where nothing was committed.

    Raises:
        LedgerError: a file is shorter than what was committed.
    """

    def __init__(self, path: Path, output: str, layout: Layout, saved: Any) -> None:
        self._path, self._output, self._layout = path, output, layout
        if layout.plain or saved is None:
            saved = {"stored": saved or 0, "lines": 0, "bytes": 0, "complete": []}
        self._complete: list[dict[str, Any]] = list(saved["complete"])
        self._lines, self._bytes = saved["lines"], saved["bytes"]
        self._check()
        self._file = self._open(saved["stored"])

    def write(self, rows: bytes) -> None:
        """Append the rows of a segment, whole lines."""
        if not rows:
            return
        size = self._layout.shard_size
        if size is not None and self._bytes >= size:
            self._next()
        self._lines += rows.count(b"\n")
        self._bytes += len(rows)
        self._file.write(_compressed(rows, self._layout.compression))

    def saved(self) -> Any:
        """Return what the state keeps: the length of a plain file, else all that is known."""
        if self._layout.plain:
            return self._file.size
        return {
            "stored": self._file.size,
            "lines": self._lines,
            "bytes": self._bytes,
            "complete": tuple(self._complete),
        }

    def sync(self) -> None:
        """Return when the bytes are on disk."""
        self._file.sync()

    def names(self) -> list[str]:
        """Return the names of all files."""
        return [self._layout.name(self._output, n) for n in range(len(self._complete) + 1)]

    def facts(self) -> dict[str, Any]:
        """Return what `run.json` says of it; nothing is written after that.

        Of a plain file: hash (hex), bytes and lines. Else bytes (before compression) and lines of
        all, and of each file its name, hash, bytes as stored, and lines.
        """
        if self._layout.plain:
            return self._file.facts()
        if self._layout.compression and not self._file.size:  # an empty file is no gzip file
            self._file.write(_compressed(b"", self._layout.compression))
            self._file.sync()
        shards = [*self._complete, self._shard()]
        return {
            "bytes": sum(shard["rows_bytes"] for shard in shards),
            "lines": sum(shard["lines"] for shard in shards),
            "files": [
                {what: shard[what] for what in ("name", "sha256", "bytes", "lines")}
                for shard in shards
            ],
        }

    def close(self) -> None:
        """Close the file; what was not committed does not count."""
        self._file.close()

    def _next(self) -> None:
        """Begin the next shard."""
        last = self._file
        last.sync()
        self._complete.append(self._shard())
        self._lines = self._bytes = 0
        self._file = self._open(0)  # an interrupt before this line finds an open file
        last.close()

    def _shard(self) -> dict[str, Any]:
        facts = self._file.facts() | {"lines": self._lines, "rows_bytes": self._bytes}
        return {"name": self._layout.name(self._output, len(self._complete)), **facts}

    def _open(self, keep: int) -> Appender:
        name = self._layout.name(self._output, len(self._complete))
        return Appender(self._path / (name + PART), keep)

    def _check(self) -> None:
        """Cut complete shards back to their size, and delete those begun after the last commit."""
        for shard in self._complete:
            path = self._path / (shard["name"] + PART)
            if not path.exists() or path.stat().st_size < shard["bytes"]:
                raise LedgerError(
                    f"{path}: {shard['bytes']} bytes were committed, and they are not there; the "
                    "disk lost data. Start over with --fresh"
                )
            os.truncate(path, shard["bytes"])
        known = {name + PART for name in self.names()}
        for name in names_left(self._path):
            if output_of(name) == self._output and name not in known:
                (self._path / name).unlink()


def _compressed(rows: bytes, compression: Compression | None) -> bytes:
    """Return a gzip member without a time, or a zstd frame with a checksum."""
    if compression == "gz":
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        return packer.compress(rows) + packer.flush()
    if compression == "zst":
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compress(rows)
    return rows
