"""A text as a set of hashed shingles: so many words in a row, as 32 bits.

The hash of words w1…wn is, modulo 2**64, the sum over i of h(wi) * MULTIPLIER ** i, its first 32
bits, where h is BLAKE2b cut to 64 bits. A text of fewer words than a shingle has is filled up
with words of hash 0, so its whole list of words is its one shingle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

MULTIPLIER = 0x9E3779B97F4A7C15
"""Odd, with bits that look random: the golden ratio."""
_USUAL = 32
"""Longer words are not worth remembering."""
_REMEMBERED = 1 << 16


class Sets(NamedTuple):
    """The shingles of several texts: text n has `hashes[starts[n]:starts[n + 1]]`.

    Hashes of a text are distinct and ascending; there is at least one. `starts` has one entry more
    than there are texts.
    """

    hashes: Hashes
    starts: NDArray[np.intp]


class WordHashes(dict[str, int]):
    """Hashes of words, as most come again; forgets all when it is full."""

    def __missing__(self, word: str) -> int:
        data = word.encode("utf-8", "surrogatepass")
        value = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
        if len(word) <= _USUAL:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = value
        return value


def shingle_sets(texts: Sequence[Sequence[str]], size: int, hashes: WordHashes) -> Sets:
    """Return the shingles of texts that are given as their words.

    Args:
        texts: At least one text of at least one word each.
        size: How many words make a shingle.
        hashes: Remembers hashes of words.
    """
    import numpy as np

    fill = [0] * (size - 1)
    padded = ([*map(hashes.__getitem__, words), *fill[len(words) - 1 :]] for words in texts)
    lengths = np.array([max(len(words), size) for words in texts])
    each = np.fromiter(chain.from_iterable(padded), np.uint64, int(lengths.sum()))
    sums = np.zeros(len(each) - size + 1, np.uint64)
    for place in range(size):
        power = pow(MULTIPLIER, place + 1, 1 << 64)
        sums += each[place : len(each) - size + 1 + place] * np.uint64(power)
    owners = np.repeat(np.arange(len(texts), dtype=np.uint64) << np.uint64(32), lengths)
    keys = owners[: len(sums)] | sums >> np.uint64(32)
    crossing = np.cumsum(lengths)[:-1, None] - np.arange(1, size)  # over the end of a text
    keys = np.delete(keys, crossing.ravel())
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    starts = np.searchsorted(keys, np.arange(len(texts) + 1, dtype=np.uint64) << np.uint64(32))
    return Sets(keys & np.uint64(0xFFFFFFFF), starts)
