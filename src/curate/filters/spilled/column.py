"""A growing array of unsigned integers in a file."""

from array import array
from pathlib import Path
from typing import Literal

from curate.filters.spilled.mapped_file import MappedFile

_FIRST = 1 << 10
"""Integers there is room for at first."""


class Column:
    """An array of unsigned integers that only grows; its file is an eighth longer than it.

    Args:
        code: Of the integers, as for `array`: "I" for 4 bytes, "Q" for 8.
        folder: Where the file is made; None: the system's folder for temporary files.

    Raises:
        OutageError: the file cannot be made, or the folder has no room for it.
    """

    __slots__ = ("_code", "_count", "_file", "cells")

    def __init__(self, code: Literal["I", "Q"], folder: Path | None) -> None:
        self._code: Literal["I", "Q"] = code
        self._count = 0
        self._file = MappedFile(_FIRST * array(code).itemsize, folder)
        self.cells = memoryview(self._file.map).cast(code)
        """The integers, then zeros. Not to be kept: growing takes other cells."""

    def __len__(self) -> int:
        """Return how many integers were added."""
        return self._count

    def extend(self, numbers: "array[int]") -> None:
        """Add integers, of the column's own code.

        Raises:
            OutageError: the folder has no room for them; none was added.
        """
        end = self._count + len(numbers)
        if end > len(self.cells):
            self._file.lengthen((end + end // 8) * self.cells.itemsize)
            self.cells = memoryview(self._file.map).cast(self._code)
        self.cells[self._count : end] = memoryview(numbers)
        self._count = end

    def close(self) -> None:
        """Give the file back."""
        self.cells.release()
        self._file.close()
