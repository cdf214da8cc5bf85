"""The bands of all entries: which earlier ones share how many with a new one."""

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from curate.filters.minhash.band import Band


class Bands:
    """A hash table for each band; entries count from 0.

    Args:
        count: How many bands.
    """

    __slots__ = ("_bands",)

    ENTRY: ClassVar = 16
    """Bytes an entry takes in each band at most."""

    def __init__(self, count: int) -> None:
        self._bands = [Band() for _ in range(count)]

    def __iter__(self) -> "Iterator[array[int]]":
        """Yield the keys of every entry, one for each band."""
        for keys in zip(*self._bands, strict=True):
            yield array("I", keys)

    def admit(self, keys: "array[int]") -> "Counter[int]":
        """Enter a key of each band; return earlier entry -> how many of them it has, too.

        In each band the latest `LOOKED_AT` count.
        """
        shared: Counter[int] = Counter()
        for band, key in zip(self._bands, keys, strict=True):
            if found := band.admit(key):
                shared.update(found)
        return shared
