"""A segment: a fixed run of input lines, the one unit of batching, commit, resume and hand-out.

Where a segment ends depends on the input alone (a number of lines, a number of bytes), never on
workers or time. That is why any number of workers and any crash give the same files.
"""

import os
from dataclasses import dataclass, replace
from typing import Self

LINES = 2000
BYTES = 8 << 20
"""A segment ends after this many lines, or with the line that makes it this many bytes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive lines of one file.

    `data` holds the lines with their terminators. A segment of a plain file can be handed to
    another process without it (`descriptor`): `read` then fetches bytes `start` to `end` again.
    """

    number: int
    """0-based, over the whole run."""
    file: str
    """The input's name as the user gave it."""
    input: int
    """Which input of the run: 0-based."""
    index: int
    """0-based position of the first line among all lines of the run (blank lines count)."""
    line: int
    """1-based line of the first line in its file (in a JSON array: 1-based element)."""
    lines: int
    """How many lines (terminated or not)."""
    prefix: str
    """SHA-256 (hex) of the file's decompressed bytes up to the end of this segment."""
    data: bytes | None = None
    path: str | None = None
    start: int = 0
    end: int = 0
    stamp: tuple[int, int] = (0, 0)
    """Size and time of change (ns) of the file at `path` when it was opened."""

    def descriptor(self) -> Self:
        """Return the segment without its bytes where they can be read again."""
        return self if self.path is None else replace(self, data=None)

    def upto(self, limit: int | None) -> Self:
        """Return the segment without its lines at `limit` or beyond, counted over the run."""
        if limit is None or self.index + self.lines <= limit:
            return self
        count = limit - self.index
        short = b"".join(line + b"\n" for line in self.read().split(b"\n", count)[:count])
        return replace(self, lines=count, data=short, end=self.start + len(short))

    def read(self) -> bytes:
        """Return the lines, their terminators included.

        Raises:
            OSError: the file is gone or was changed since the run opened it.
        """
        if self.data is not None:
            return self.data
        assert self.path is not None  # noqa: S101  (either data or a path, by construction)
        with open(self.path, "rb") as file:
            data = os.pread(file.fileno(), self.end - self.start, self.start)
            now = stamp(file.fileno())
        if now != self.stamp or len(data) != self.end - self.start:
            raise OSError("changed while it was read; start the same command again")
        return data


def stamp(descriptor: int) -> tuple[int, int]:
    """Return size and time of change (ns) of an open file."""
    facts = os.fstat(descriptor)
    return facts.st_size, facts.st_mtime_ns
