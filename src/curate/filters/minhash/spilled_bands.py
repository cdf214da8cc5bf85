"""`Bands` when they have grown large: who shares keys with whom, out of files."""

from array import array
from collections import Counter
from pathlib import Path

from curate.filters.minhash.band import LOOKED_AT
from curate.filters.spilled.column import Column
from curate.filters.spilled.table import LAST, Tables


class BandsInFile:
    """A hash table for each band; entries count from 0.

    Each table has a cell for every key: the latest entry that came with it, as its number plus 1.
    `_before` has a row for every entry: in each band the entry before it that has the same key,
    as its number plus 1; 0 ends a chain. So an entry whose keys are new touches one place in each
    table, and the end of `_before`. 16 to 28 bytes a band and entry, 12 more while tables double.

    Args:
        count: How many bands.
        folder: Where the files are made; None: the system's folder for temporary files.

    Raises:
        OutageError: a file cannot be made, or the folder has no room for it.
    """

    __slots__ = ("_before", "_count", "_entries", "_tables")

    def __init__(self, count: int, folder: Path | None) -> None:
        self._count, self._entries = count, 0
        self._before = Column("I", folder)
        self._tables = Tables(count, 1 << 10, folder)

    def admit(self, keys: "array[int]") -> "Counter[int]":
        """Enter a key of each band; return earlier entry -> how many of them it has, too.

        In each band the latest `LOOKED_AT` count.

        Raises:
            OutageError: the folder has no room for more.
        """
        if self._entries >= self._tables.room:
            self._tables.double()
        cells, mask = self._tables.cells, self._tables.mask
        latest = array("I", bytes(4 * self._count))
        entry = self._entries = self._entries + 1
        shared: Counter[int] = Counter()
        start = 0
        for band, key in enumerate(keys):
            at = start + (key & mask)
            while (cell := cells[at]) and cell >> 32 != key:
                at = start + (at + 1 & mask)
            if cell:
                latest[band] = number = cell & LAST
                shared.update(self._chain(band, number))
            cells[at] = key << 32 | entry
            start += mask + 1
        self._before.extend(latest)
        return shared

    def _chain(self, band: int, number: int) -> list[int]:
        """Return the latest entries that have a key, from the one at `number` back."""
        before, count = self._before.cells, self._count
        found: list[int] = []
        while number and len(found) < LOOKED_AT:
            found.append(number - 1)
            number = before[(number - 1) * count + band]
        return found

    def close(self) -> None:
        """Give the files back."""
        self._tables.close()
        self._before.close()
