"""A file that grows and can be cut back to what was committed of it."""

import os
from pathlib import Path
from typing import Any, BinaryIO

from curate.errors import LedgerError
from curate.io.counted import Counted


class Appender:
    """A file that grows and knows the hash and number of its lines."""

    def __init__(self, path: Path, keep: int) -> None:
        """Open `path` for appending after its first `keep` bytes.

        Raises:
            LedgerError: the file is shorter than what was committed.
        """
        self.path = path
        self._written = Counted()
        mode = "r+b" if path.exists() else "w+b"
        self._file: BinaryIO = path.open(mode, buffering=0)  # type: ignore[assignment]
        while self.size < keep:
            block = self._file.read(min(1 << 22, keep - self.size))
            if not block:
                raise LedgerError(
                    f"{path}: {self.size} bytes where {keep} were committed; the disk lost data. "
                    "Start over with --fresh"
                )
            self._written.add(block)
        self._file.truncate(keep)
        self._file.seek(keep)

    def write(self, data: bytes) -> None:
        """Append whole lines."""
        if data:
            write_all(self._file, data)
            self._written.add(data)

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._written.bytes

    def sync(self) -> None:
        """Return when the bytes are on disk."""
        os.fsync(self._file.fileno())

    def facts(self) -> dict[str, Any]:
        """Return hash (hex), bytes and lines."""
        return self._written.facts()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write to an unbuffered file; on a disk that is nearly full, one call may end early."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
