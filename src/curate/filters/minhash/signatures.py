"""What is signed of a text: a key for each band, then the smallest of its hashes, 4 bytes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
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

    A permutation is h -> (a * h + b mod 2**64) >> 32 for h of 32 bits and random a, b of 64 bits
    (strongly universal: Dietzfelbinger 1996). Where nothing wraps at 64 bits, it keeps the order
    of the hashes, and all permutations are one.

    Args:
        count: How many permutations.
        rng: What their numbers are drawn from.
    """

    def __init__(self, count: int, rng: Random) -> None:
        self._numbers = [(rng.getrandbits(64), rng.getrandbits(64)) for _ in range(count)]

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
        self._factors = [rng.getrandbits(64) for _ in range(cut.rows)]

    def sign(self, texts: Iterable[Sequence[str]]) -> Iterator[bytes | None]:
        """Yield the signature of each text, given as its words; None where it has none."""
        for part in _parts(texts):
            signed = self._signed([words for words in part if words])
            yield from (next(signed) if words else None for words in part)

    def _signed(self, texts: Sequence[Sequence[str]]) -> Iterator[bytes]:
        if not texts:
            return
        sets = shingle_sets(texts, self._shingle, self._hashes)
        keys, hashes = self._keys(sets).astype("u4"), sets.hashes.astype("u4")
        for key, (low, high) in zip(keys, pairwise(sets.starts.tolist()), strict=True):
            yield key.tobytes() + hashes[low : min(high, low + SIZE)].tobytes()

    def _keys(self, sets: Sets) -> Hashes:
        """Return a key of 32 bits for each band of each set: a hash of the band's minima."""
        import numpy as np

        bands = self._minima.of(sets).reshape(-1, *self._cut)
        sums: Hashes = (bands * np.array(self._factors, np.uint64)).sum(axis=2)
        return sums >> np.uint64(32)


def _parts(texts: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    part: list[Sequence[str]] = []
    size = 0
    for words in texts:
        if part and size + len(words) > _TOGETHER:
            yield part
            part, size = [], 0
        part.append(words)
        size += len(words)
    if part:
        yield part
