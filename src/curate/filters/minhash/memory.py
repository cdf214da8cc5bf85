"""What came before, by signature: the most similar of the earlier records."""

import hashlib
from array import array
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

from curate.api import Verdict
from curate.filters.minhash.bands import Bands
from curate.filters.minhash.sketches import Sketches, similarity
from curate.filters.minhash.spilled_bands import BandsInFile
from curate.filters.minhash.spilled_sketches import SketchesInFile
from curate.filters.seen import Seen
from curate.filters.spilled.seen import SeenInFile

IN_MEMORY = 1 << 30
"""Bytes it takes at most before it moves to files. A new record changes a page of each band's
table there, and the system writes changed pages back, so files are for what RAM cannot hold."""
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
        folder: Where it goes when it grows large; None: the system's folder for temporary files.
        in_memory: Bytes it may take before that.
    """

    def __init__(self, bands: int, folder: Path | None = None, in_memory: int = IN_MEMORY) -> None:
        self._folder, self._files = folder, ExitStack()
        entry = Seen.ENTRY + Bands.ENTRY * bands + Sketches.ENTRY
        self._count = bands
        self._seen: Seen | SeenInFile = Seen(in_memory // entry)
        self._bands: Bands | BandsInFile = Bands(bands)
        self._sketches: Sketches | SketchesInFile = Sketches()

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it.

        Raises:
            OutageError: the folder has no room for more.
        """
        digest = hashlib.blake2b(signature, digest_size=16).digest()
        first = self._seen.admit(digest, index)
        if first is not None:
            return _similar(1.0, first)
        numbers = array("I", signature)
        keys, sketch = numbers[: self._count], numbers[self._count :]
        shared = self._bands.admit(keys)
        verdict = self._closest(shared, sketch) if shared else _NEW
        self._sketches.add(sketch, index)
        if self._seen.full:
            self._move()
        return verdict

    def close(self) -> None:
        """Give the files back, if there are any."""
        self._files.close()

    def _move(self) -> None:
        assert isinstance(self._seen, Seen)  # noqa: S101  (what is in files is never full)
        assert isinstance(self._bands, Bands)  # noqa: S101
        assert isinstance(self._sketches, Sketches)  # noqa: S101
        seen = self._files.enter_context(closing(SeenInFile(self._folder)))
        bands = self._files.enter_context(closing(BandsInFile(self._count, self._folder)))
        sketches = self._files.enter_context(closing(SketchesInFile(self._folder)))
        for digest, index in self._seen:
            seen.admit(digest, index)
        for keys in self._bands:
            bands.admit(keys)
        for sketch, index in self._sketches:
            sketches.add(sketch, index)
        self._seen, self._bands, self._sketches = seen, bands, sketches

    def _closest(self, shared: "Counter[int]", sketch: "array[int]") -> Verdict:
        """Return the verdict on a sketch.

        Args:
            shared: Earlier entry -> how many bands it shares.
            sketch: The record's own hashes.
        """
        members = frozenset(sketch)
        best, closest = 0.0, 0
        for entry in sorted(sorted(shared, key=lambda each: (-shared[each], each))[:COMPARED]):
            found = similarity(sketch, members, self._sketches.of(entry))
            if found > best:
                best, closest = found, entry
        return _similar(best, self._sketches.index(closest)) if best else _NEW


def _similar(score: float, of: int) -> Verdict:
    return Verdict(score, "similar", {"of": of})
