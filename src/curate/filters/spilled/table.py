"""Hash tables in a file that can double without a look at anything but themselves."""

from pathlib import Path

from curate.errors import OutageError
from curate.filters.spilled.mapped_file import MappedFile

LAST = 0xFFFFFFFF
"""The bits of a cell that are its number; the bits above them are its key."""
_MOST = 1 << 32
"""Cells a table may have: more than there are keys would stay empty."""


class Tables:
    """Open-addressed hash tables of the same size, one behind the other.

    A cell has 8 bytes: a key of 32 bits, which must be as good as random, and below it a number
    of 32 bits that is not 0; a cell that is 0 is free. The search for a key begins at the cell
    `key & mask` of its table and goes up, past the end to the start. When a table doubles, the
    cells at n go to n or to n + size, so both files are gone through from their start to their end.

    Args:
        count: How many tables.
        size: Cells of each, a power of two.
        folder: Where the file is made; None: the system's folder for temporary files.

    Raises:
        OutageError: the file cannot be made, the folder has no room for it, or a table would have
            more cells than there are keys.
    """

    __slots__ = ("_count", "_file", "_folder", "cells", "mask", "room")

    def __init__(self, count: int, size: int, folder: Path | None) -> None:
        if size > _MOST:
            raise OutageError(
                "a memory of duplicates holds at most 2.8 billion records; cut the corpus"
            )
        self._count, self._folder = count, folder
        self._file = MappedFile(count * size * 8, folder)
        self.cells = memoryview(self._file.map).cast("Q")
        """The cells of all tables. Not to be kept: `double` takes other cells."""
        self.mask = size - 1
        self.room = size * 2 // 3
        """Keys a table may have before it must double: beyond that, a search goes far."""

    def double(self) -> None:
        """Double the size of each table.

        Raises:
            OutageError: the folder has no room for both sizes; nothing has changed.
        """
        size = self.mask + 1
        other = Tables(self._count, 2 * size, self._folder)
        for number in range(self._count):
            _enter(self.cells[number * size : (number + 1) * size], other, 2 * size * number)
        self.close()
        self._file, self.cells = other._file, other.cells
        self.mask, self.room = other.mask, other.room

    def close(self) -> None:
        """Give the file back."""
        self.cells.release()
        self._file.close()


def _enter(old: "memoryview[int]", tables: Tables, start: int) -> None:
    """Enter the cells of a table into the one that begins at `start`, a multiple of its size."""
    cells, mask = tables.cells, tables.mask
    for cell in old:
        if cell:
            at = start + (cell >> 32 & mask)
            while cells[at]:
                at = start + (at + 1 & mask)
            cells[at] = cell
    old.release()
