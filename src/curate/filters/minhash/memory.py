"""What came before, by signature: the most similar of the earlier records."""

import hashlib
from array import array
from collections import Counter

from curate.api import Verdict
from curate.filters.minhash.band import Band
from curate.filters.minhash.sketches import similarity
from curate.filters.seen import Seen

COMPARED = 16
"""Candidates that are compared, those that share most bands."""
_NEW = Verdict(0.0)


class MostSimilar:
    """The memory of near duplicates: scores a record by the most similar one before it.

    A record with a signature admitted before repeats the first that had it and is not entered
    again, so copies take neither memory nor time. Of others, the earlier ones that share a band
    are compared: the latest `LOOKED_AT` of each band, of these the `COMPARED` that share most
    bands. Of equally similar ones the earliest is named.

    Args:
        bands: How many a signature has.
    """

    def __init__(self, bands: int) -> None:
        self._seen = Seen()
        self._bands = [Band() for _ in range(bands)]
        self._index: array[int] = array("Q")
        self._hashes: array[int] = array("I")
        self._starts: array[int] = array("Q", [0])

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it."""
        digest = hashlib.blake2b(signature, digest_size=16).digest()
        first = self._seen.admit(digest, index)
        if first is not None:
            return _similar(1.0, first)
        numbers = array("I", signature)
        keys, sketch = numbers[: len(self._bands)], numbers[len(self._bands) :]
        shared: Counter[int] = Counter()
        for band, key in zip(self._bands, keys, strict=True):
            if found := band.admit(key):
                shared.update(found)
        verdict = self._closest(shared, sketch) if shared else _NEW
        self._index.append(index)
        self._hashes += sketch
        self._starts.append(len(self._hashes))
        return verdict

    def _closest(self, shared: "Counter[int]", sketch: "array[int]") -> Verdict:
        """Return the verdict on a sketch.

        Args:
            shared: Earlier entry -> how many bands it shares.
            sketch: The record's own hashes.
        """
        members = frozenset(sketch)
        best, closest = 0.0, 0
        for entry in sorted(sorted(shared, key=lambda each: (-shared[each], each))[:COMPARED]):
            other = self._hashes[self._starts[entry] : self._starts[entry + 1]]
            found = similarity(sketch, members, other)
            if found > best:
                best, closest = found, entry
        return _similar(best, self._index[closest]) if best else _NEW


def _similar(score: float, of: int) -> Verdict:
    return Verdict(score, "similar", {"of": of})
