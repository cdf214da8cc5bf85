"""A file read line by line that knows the hash, size and number of the lines read so far."""

from typing import Any, BinaryIO

from curate.io.counted import Counted
from curate.records import digest

BLOCK = 1 << 20


class HashedLines:
    """The lines of an open file.

    Args:
        file: Open for reading bytes, at its start.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._read = Counted()

    @property
    def lines(self) -> int:
        """How many lines were read."""
        return self._read.lines

    def next(self) -> bytes:
        """Return the next line with its terminator; empty at the end."""
        line = self._file.readline()
        self._read.add(line)
        return line

    def skip(self) -> int:
        """Read to the end and return how many lines that were."""
        before = self.lines
        while block := self._file.read(BLOCK):
            self._read.add(block)
        return self.lines - before

    def facts(self) -> dict[str, Any]:
        """Return SHA-256 (hex), bytes and lines, as `run.json` has them for a finished file."""
        return self._read.facts()


def has_digest(line: bytes, wanted: str) -> bool:
    r"""Say whether a line has this digest, its terminator (`\n` or `\r\n`) left aside."""
    text = line.removesuffix(b"\n")
    if digest(text.removesuffix(b"\r")) == wanted:
        return True
    return text.endswith(b"\r") and digest(text) == wanted  # a bare CR ended an unterminated line
