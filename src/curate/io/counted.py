"""Bytes that pass by: their hash, how many, and how many lines."""

import hashlib
from typing import Any


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
