"""`Seen` when it has grown large: who showed each signature first, out of files."""

from pathlib import Path
from struct import Struct
from typing import ClassVar

from curate.filters.spilled.mapped_file import MappedFile
from curate.filters.spilled.table import LAST, Tables

_halves = Struct("<QQ").unpack
_ENTRY = Struct("<QQQ")
_enter, _entry = _ENTRY.pack_into, _ENTRY.unpack_from


class SeenInFile:
    """A map from a 16-byte signature to the index that was first admitted with it.

    Entries lie in order of arrival, 24 bytes each, the first at number 1; beside them is a table
    of their numbers, by the first 32 bits of the signature. A new signature touches one place of
    the table, unless it shares these bits with another, and the end of the entries; one that is
    not new touches an entry, too. 36 to 48 bytes a signature, an eighth more of the entries, and
    24 more of the table while it doubles.

    Args:
        folder: Where the files are made; None: the system's folder for temporary files.

    Raises:
        OutageError: a file cannot be made, or the folder has no room for it.
    """

    __slots__ = ("_count", "_entries", "_space", "_table")

    full: ClassVar = False
    """Files may grow as long as the disk has room."""

    def __init__(self, folder: Path | None) -> None:
        self._count, self._space = 0, 1 << 10
        self._entries = MappedFile(self._space * _ENTRY.size, folder)
        self._table = Tables(1, self._space, folder)

    def __len__(self) -> int:
        """Return how many different signatures were admitted."""
        return self._count

    def admit(self, signature: bytes, index: int) -> int | None:
        """Return the index first admitted with `signature`; None where it is new and now kept.

        The signature must be as good as random (a hash): its first bits choose the cell.

        Raises:
            struct.error: the signature is not 16 bytes long.
            OutageError: the folder has no room for more.
        """
        low, high = _halves(signature)
        cells, mask = self._table.cells, self._table.mask
        key = low & LAST
        at: int = key & mask
        while cell := cells[at]:
            if cell >> 32 == key:
                one, other, first = _entry(self._entries.map, (cell & LAST) * _ENTRY.size)
                if one == low and other == high:
                    return int(first)
            at = (at + 1) & mask
        number = self._count + 1
        if number == self._space:
            self._lengthen()
        _enter(self._entries.map, number * _ENTRY.size, low, high, index)
        cells[at] = key << 32 | number
        self._count = number
        if number >= self._table.room:
            self._table.double()
        return None

    def _lengthen(self) -> None:
        space = self._space + self._space // 8
        self._entries.lengthen(space * _ENTRY.size)
        self._space = space

    def close(self) -> None:
        """Give the files back."""
        self._table.close()
        self._entries.close()
