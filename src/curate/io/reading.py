"""From files to segments.

One pass reads, hashes and cuts. Where a segment ends depends on the bytes alone, never on how
they arrive, so a resumed run and any number of workers see the same segments.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from curate.errors import InputError
from curate.io.blocks import BLOCK
from curate.io.contents import Content, content
from curate.io.segments import BYTES, LINES, Segment
from curate.io.sources import Source


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of an input once it has been read to its end."""

    name: str
    sha256: str
    """Of the decompressed bytes, a byte order mark included; of a table: of its JSON lines."""
    size: int
    """Decompressed bytes; of a table: of its JSON lines."""
    stored: int
    """Bytes on disk, or as the store has them."""
    lines: int
    """Lines, blank ones and an unterminated last one included; of an array: elements."""
    bom: bool
    """A UTF-8 byte order mark stood at the start; it is in no segment."""
    final_newline: bool
    """The last line has its terminator (true of an empty file, of an array and of a table)."""


class Reader:
    """Cuts files into segments and hashes them on the way.

    Args:
        sources: What to read, in order.
        lines: A segment ends after this many lines,
        size: or with the line that makes it this many bytes.
        block: Bytes read at once; changes no result.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        lines: int = LINES,
        size: int = BYTES,
        block: int = BLOCK,
    ) -> None:
        self.files: list[FileFacts] = []
        """The inputs read to their end so far."""
        self.tables: dict[int, Mapping[str, Any]] = {}
        """Of each input that is a table, as far as it was read: what became of its columns."""
        self.skipped: Segment | None = None
        """The last segment that was skipped, without its bytes."""
        self.sources = sources
        self._lines, self._size, self._block = lines, size, block
        self._taken = 0

    def fraction(self) -> float | None:
        """Return how much of the stored bytes has been read, 0 to 1; None where there are none."""
        stored = sum(source.stored for source in self.sources)
        return min(self._taken / stored, 1.0) if stored else None

    def segments(self, skip: int = 0) -> Iterator[Segment]:
        """Yield the segments of all files in order; the first `skip` are read but not yielded.

        Raises:
            InputError: a file cannot be read, or its compressed data is broken.
        """
        self.files, self.tables, self.skipped, self._taken = [], {}, None, 0
        number = index = 0
        for position, source in enumerate(self.sources):
            for segment in self._file(source, position, number, index):
                number, index = segment.number + 1, segment.index + segment.lines
                if number > skip:
                    yield segment
                else:
                    self.skipped = replace(segment, data=None)

    def _file(self, source: Source, position: int, number: int, index: int) -> Iterator[Segment]:
        before, line = self._taken, 1
        path = os.path.abspath(source.path) if source.path and source.is_plain else None
        try:
            with content(source, self._block) as found:
                for data, lines in found.cut(self._lines, self._size):
                    self._taken = before + found.taken()
                    self._tell(position, found)
                    yield Segment(
                        number=number,
                        file=source.name,
                        input=position,
                        index=index,
                        line=line,
                        lines=lines,
                        prefix=found.digest(),
                        data=data,
                        path=path,
                        start=found.read - len(data) if path else 0,
                        end=found.read if path else 0,
                        stamp=found.stamp,
                    )
                    number, index, line = number + 1, index + lines, line + lines
                self._taken = before + found.taken()
                self._tell(position, found)
        except OSError as error:
            raise InputError(f"{source.name}: cannot be read: {error.strerror}") from None
        self.files.append(
            FileFacts(
                name=source.name,
                sha256=found.digest(),
                size=found.read,
                stored=self._taken - before,
                lines=line - 1,
                bom=found.bom,
                final_newline=found.final_newline,
            )
        )

    def _tell(self, position: int, found: Content) -> None:
        told = found.told()
        if told is not None:
            self.tables[position] = told
