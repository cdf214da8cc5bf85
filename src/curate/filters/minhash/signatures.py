"""What is signed of a text: a key for each band, then the smallest of its hashes, 4 bytes each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING

from curate.extras import need
from curate.filters.minhash.banding import Banding
from curate.filters.minhash.shingles import Sets, WordHashes, shingle_sets
from curate.filters.minhash.sketches import SIZE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_TOGETHER = 1 << 14
"""Words signed at once, unless one text has more: they stay in the processor's cache."""


class Minima:
    """The smallest hash of a set under each of several random permutations.

    A permutation is h -> (a * h + b mod 2**64) >> 32 for 32 bits h and 64 bits a, b, a odd
    (Dietzfelbinger 1996: strongly universal, so as good as random on hashes). Without the wrap at
    64 bits it would keep the order of the hashes, and all permutations would be one.

    Args:
        count: How many permutations.
        rng: What their numbers are drawn from.
    """

    def __init__(self, count: int, rng: Random) -> None:
        self._numbers = [(rng.getrandbits(64) | 1, rng.getrandbits(64)) for _ in range(count)]

    def of(self, sets: Sets) -> Hashes:
        """Return the minima, one row for each set, one column for each permutation."""
        import numpy as np

        minima = np.empty((len(self._numbers), len(sets.starts) - 1), np.uint64)
        permuted = np.empty_like(sets.hashes)
        for row, (factor, offset) in zip(minima, self._numbers, strict=True):
            np.multiply(sets.hashes, np.uint64(factor), out=permuted)
            permuted += np.uint64(offset)
            np.minimum.reduceat(permuted, sets.starts[:-1], out=row)
        minima >>= np.uint64(32)
        return minima.T


class Signing:
    """Signs texts.

    Args:
        shingle: Words in a shingle.
        cut: How the permutations are cut into bands.
        rng: What permutations are drawn from.

    Raises:
        UsageError: numpy is not installed.
    """

    def __init__(self, shingle: int, cut: Banding, rng: Random) -> None:
        need("numpy", "fast")
        self._shingle, self._cut, self._hashes = shingle, cut, WordHashes()
        self._minima = Minima(cut.bands * cut.rows, rng)
        self._factors = [rng.getrandbits(64) | 1 for _ in range(cut.rows)]

    def sign(self, texts: Sequence[Sequence[str]]) -> Iterator[bytes]:
        """Yield the signature of each text, given as its words (at least one), in order."""
        for part in _parts(texts):
            sets = shingle_sets(part, self._shingle, self._hashes)
            keys = self._keys(sets).astype("u4")
            hashes = sets.hashes.astype("u4")
            starts = sets.starts.tolist()
            for key, low, high in zip(keys, starts[:-1], starts[1:], strict=True):
                yield key.tobytes() + hashes[low : min(high, low + SIZE)].tobytes()

    def _keys(self, sets: Sets) -> Hashes:
        """Return a key of 32 bits for each band of each set: a hash of the band's minima."""
        import numpy as np

        bands = self._minima.of(sets).reshape(-1, *self._cut)
        sums: Hashes = (bands * np.array(self._factors, np.uint64)).sum(axis=2)
        return sums >> np.uint64(32)


def _parts(texts: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    first = size = 0
    for number, words in enumerate(texts):
        if number > first and size + len(words) > _TOGETHER:
            yield texts[first:number]
            first, size = number, 0
        size += len(words)
    if first < len(texts):
        yield texts[first:]
