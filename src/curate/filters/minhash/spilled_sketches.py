"""`Sketches` when they have grown large, out of files."""

from array import array
from collections.abc import Sequence
from pathlib import Path

from curate.filters.spilled.column import Column


class SketchesInFile:
    """The sketch and the index of every entry; entries count from 0.

    `_places` has where the hashes of each entry begin, then its index, and at last where they end.

    Args:
        folder: Where the files are made; None: the system's folder for temporary files.

    Raises:
        OutageError: a file cannot be made, or the folder has no room for it.
    """

    __slots__ = ("_hashes", "_places")

    def __init__(self, folder: Path | None) -> None:
        self._hashes, self._places = Column("I", folder), Column("Q", folder)
        self._places.extend(array("Q", [0]))

    def add(self, sketch: "array[int]", index: int) -> None:
        """Add an entry.

        Raises:
            OutageError: the folder has no room for it.
        """
        self._hashes.extend(sketch)
        self._places.extend(array("Q", [index, len(self._hashes)]))

    def of(self, entry: int) -> Sequence[int]:
        """Return the hashes of an entry, ascending."""
        start, _, end = self._places.cells[2 * entry : 2 * entry + 3]
        return self._hashes.cells[start:end]

    def index(self, entry: int) -> int:
        """Return the index of an entry."""
        return self._places.cells[2 * entry + 1]

    def close(self) -> None:
        """Give the files back."""
        self._hashes.close()
        self._places.close()
