"""The lines that a run's inputs had, one after the other: do they make up what was read?"""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.io.counted import Counted
from curate.looking.extents import Extent, extents


class LinesRead:
    """Takes the lines in input order and holds each input against its hash.

    Args:
        facts: The run's `run.json`.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.crlf = 0
        """Lines taken that end in CRLF."""
        self._coming = iter(extents(facts))
        self._changed: list[str] = []
        self._extent: Extent | None = None
        self._counted = Counted()
        self._begin_next()

    def place(self, index: int) -> tuple[str, int] | None:
        """Return the input and its line at an index of the run; None where no input has it."""
        while self._extent and index >= self._extent.stop:
            self._end()
        extent = self._extent
        return (extent.name, index - extent.start + 1) if extent else None

    def take(self, index: int, line: bytes) -> None:
        r"""Take the line at an index; it ends in `\n`."""
        if self.place(index) is None or self._extent is None:
            return
        line = self._extent.as_read(index, line)
        self.crlf += line.endswith(b"\r\n")
        if self._has_hash(self._extent):
            self._counted.add(line)

    def changed(self) -> Iterator[str]:
        """Yield the inputs of which other bytes were taken than were read; no line comes after."""
        while self._extent:
            self._end()
        yield from self._changed

    def _begin_next(self) -> None:
        self._extent = next(self._coming, None)
        self._counted = Counted()
        if self._extent:
            self._counted.add(self._extent.head)

    def _end(self) -> None:
        extent, now = self._extent, self._counted.facts()
        assert extent is not None  # noqa: S101  (the callers ask)
        if self._has_hash(extent) and (now["sha256"], now["bytes"]) != (extent.sha256, extent.size):
            self._changed.append(extent.name)
        self._begin_next()

    def _has_hash(self, extent: Extent) -> bool:
        """Say whether the lines of an input are all of its bytes, and its hash is known."""
        return extent.whole and not extent.is_array
