"""Bytes that pass by: their hash, how many, and how many lines."""

import hashlib
import io
from typing import Any, BinaryIO


class Counted:
    """Counts what it is shown."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.bytes = 0
        self.lines = 0

    def add(self, data: bytes) -> None:
        """Count the next bytes."""
        self._hash.update(data)
        self.bytes += len(data)
        self.lines += data.count(b"\n")

    def facts(self) -> dict[str, Any]:
        """Return SHA-256 (hex), bytes and lines, as `run.json` has them of every file."""
        return {"sha256": self._hash.hexdigest(), "bytes": self.bytes, "lines": self.lines}


class Watched(io.BytesIO):
    """A file whose bytes are counted as they are read."""

    def __init__(self, file: BinaryIO, counted: Counted) -> None:
        super().__init__()
        self._file, self._counted = file, counted

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(-1 if size is None else size)
        self._counted.add(data)
        return data
