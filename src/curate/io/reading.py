"""From files to segments.

One pass reads, hashes and cuts. Where a segment ends depends on the bytes alone, never on how
they arrive, so a resumed run and any number of workers see the same segments.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO

from curate.errors import InputError
from curate.io import cutting
from curate.io.arrays import elements
from curate.io.blocks import BLOCK, blocks
from curate.io.segments import BYTES, LINES, Segment, stamp
from curate.io.sources import BOM, Source


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of an input once it has been read to its end."""

    name: str
    sha256: str
    """Of the decompressed bytes, a byte order mark included."""
    size: int
    """Decompressed bytes."""
    stored: int
    """Bytes on disk."""
    lines: int
    """Lines, blank ones and an unterminated last one included; of an array: elements."""
    bom: bool
    """A UTF-8 byte order mark stood at the start; it is in no segment."""
    final_newline: bool
    """The last line has its terminator (true of an empty file, and of an array)."""


class Reader:
    """Cuts files into segments and hashes them on the way.

    Args:
        sources: What to read, in order; regular files.
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
        self.files, self.skipped, self._taken = [], None, 0
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
        path = os.path.abspath(source.path) if source.is_plain else None
        try:
            with open(source.path, "rb", buffering=0) as file:
                content = _Content(source, file, self._block)
                opened = stamp(file.fileno())
                for data, lines in content.cut(self._lines, self._size):
                    self._taken = before + file.tell()
                    yield Segment(
                        number=number,
                        file=source.name,
                        input=position,
                        index=index,
                        line=line,
                        lines=lines,
                        prefix=content.digest(),
                        data=data,
                        path=path,
                        start=content.read - len(data) if path else 0,
                        end=content.read if path else 0,
                        stamp=opened,
                    )
                    number, index, line = number + 1, index + lines, line + lines
                self._taken = before + file.tell()
        except OSError as error:
            raise InputError(f"{source.name}: cannot be read: {error.strerror}") from None
        self.files.append(
            FileFacts(
                name=source.name,
                sha256=content.digest(),
                size=content.read,
                stored=self._taken - before,
                lines=line - 1,
                bom=content.bom,
                final_newline=content.final_newline,
            )
        )


class _Content:
    """The decompressed bytes of one open file, hashed as they are cut."""

    def __init__(self, source: Source, file: BinaryIO, block: int) -> None:
        self.bom = False
        self.final_newline = True
        self.read = 0
        """Bytes hashed so far: from the start to the end of the last cut."""
        self._sha256 = hashlib.sha256()
        self._is_array = source.format == "json"
        self._blocks = blocks(file, source.compression, source.name, block)

    def cut(self, lines: int, size: int) -> Iterator[tuple[bytes, int]]:
        """Yield (bytes, lines in them), as segments want them."""
        self._blocks = self._without_bom()
        if self._is_array:
            yield from cutting.pack(elements(self._blocks, self._hash), lines, size)
            return
        for data, count in cutting.cut(self._blocks, lines, size):
            self._hash(data)
            self.final_newline = data.endswith(b"\n")
            yield data, count

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the bytes so far."""
        return self._sha256.hexdigest()

    def _without_bom(self) -> Iterator[bytes]:
        head = b""
        for block in self._blocks:
            head += block
            if len(head) >= len(BOM):
                break
        self.bom = head.startswith(BOM)
        if self.bom:
            self._hash(BOM)
        return chain([head.removeprefix(BOM)], self._blocks)

    def _hash(self, data: bytes) -> None:
        self._sha256.update(data)
        self.read += len(data)
