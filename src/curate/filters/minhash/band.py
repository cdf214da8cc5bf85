"""One band as a hash table: which earlier entries have the same key in it."""

from array import array
from collections.abc import Iterator
from itertools import repeat

LOOKED_AT = 64
"""Entries of one key that are returned, the latest; thousands of them would stop a run."""


class Band:
    """A map from a key of 32 bits to the entries that came with it; entries count from 0.

    Entries whose keys fall into one slot are a chain, the latest first: `_heads` has the first of
    each chain, `_following` what follows each entry, both as the entry's number plus 1; 0 ends a
    chain. An entry takes 12 to 16 bytes, in flat arrays.
    """

    __slots__ = ("_following", "_heads", "_keys")

    def __init__(self) -> None:
        self._keys: array[int] = array("I")
        self._following: array[int] = array("I")
        self._resize(1 << 8)

    def __iter__(self) -> Iterator[int]:
        """Yield the key of every entry."""
        return iter(self._keys)

    def admit(self, key: int) -> list[int]:
        """Enter `key`, which must be as good as random; return the entries that have it, too."""
        keys, following, heads = self._keys, self._following, self._heads
        if len(keys) == len(heads):
            self._resize(2 * len(heads))
            following, heads = self._following, self._heads
        slot = key & len(heads) - 1
        first = at = heads[slot]
        found: list[int] = []
        while at and len(found) < LOOKED_AT:
            if keys[at - 1] == key:
                found.append(at - 1)
            at = following[at - 1]
        keys.append(key)
        following.append(first)
        heads[slot] = len(keys)
        return found

    def _resize(self, size: int) -> None:
        """Make a table of `size` slots (a power of two) and chain every entry again."""
        self._heads = heads = array("I", [0]) * size
        self._following = following = array("I", repeat(0, len(self._keys)))
        mask = size - 1
        for entry, key in enumerate(self._keys):
            following[entry] = heads[key & mask]
            heads[key & mask] = entry + 1
