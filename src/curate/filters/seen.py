"""A compact memory of 16-byte signatures: who showed each one first."""

from array import array
from collections.abc import Iterator
from struct import Struct
from typing import ClassVar

_HALVES = Struct("<QQ")
_halves = _HALVES.unpack


class Seen:
    """A map from a 16-byte signature to the index that was first admitted with it.

    Laid out as CPython lays out its own dict: entries in order of arrival, and beside them an
    open-addressed table of 4-byte entry numbers. The entries are flat arrays instead of objects,
    24 bytes each: a quarter of what `dict[bytes, int]` takes, for half a microsecond more a call.

    Args:
        most: Signatures that are to be kept here; beyond them the memory belongs into files.
    """

    __slots__ = ("_high", "_index", "_low", "_mask", "_most", "_room", "_slots", "full")

    ENTRY: ClassVar = 36
    """Bytes each of `most` signatures takes: arrays are up to an eighth longer than filled."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.full = False
        """Whether it would double beyond `most`: whoever holds it must move it to files now."""
        self._low: array[int] = array("Q")
        self._high: array[int] = array("Q")
        self._index: array[int] = array("Q")
        self._resize(1 << 8)

    def __len__(self) -> int:
        """Return how many different signatures were admitted."""
        return len(self._index)

    def __iter__(self) -> Iterator[tuple[bytes, int]]:
        """Yield every signature and the index that came with it first, in order of arrival."""
        for low, high, index in zip(self._low, self._high, self._index, strict=True):
            yield _HALVES.pack(low, high), index

    def admit(self, signature: bytes, index: int) -> int | None:
        """Return the index first admitted with `signature`; None where it is new and now kept.

        The signature must be as good as random (a hash): its first bits choose the slot.

        Raises:
            struct.error: the signature is not 16 bytes long.
        """
        low, high = _halves(signature)
        slots, mask = self._slots, self._mask
        at: int = low & mask
        while entry := slots[at]:
            if self._low[entry - 1] == low and self._high[entry - 1] == high:
                return self._index[entry - 1]
            at = (at + 1) & mask
        self._low.append(low)
        self._high.append(high)
        self._index.append(index)
        slots[at] = len(self._index)
        if len(self._index) == self._room:
            self._grow()
        return None

    def _grow(self) -> None:
        size = 2 * len(self._slots)
        if size // 2 > self._most:
            self.full = True
        else:
            self._resize(size)

    def _resize(self, size: int) -> None:
        """Make a table of `size` slots (a power of two) and enter every signature again.

        A table is at most half full: beyond that, linear probing walks far.
        """
        # 0 is a free slot, so entry numbers count from 1; 4 bytes hold 4 billion of them.
        slots: array[int] = array("I", [0]) * size
        mask = size - 1
        for entry, low in enumerate(self._low, 1):
            at = low & mask
            while slots[at]:
                at = (at + 1) & mask
            slots[at] = entry
        self._slots, self._mask, self._room = slots, mask, size // 2
