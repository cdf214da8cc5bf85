"""Look the n-grams of texts up in a model's weights: with numpy, or in plain Python.

All sums are of whole numbers, so both ways give the same, whatever else is in the batch. Plain
Python is about fifty times slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from curate.fitting import hashing
from curate.fitting.ngrams import Scheme, grams, words

if TYPE_CHECKING:
    from array import array

    import numpy as np
    from numpy.typing import NDArray

FRACTION = 1 << 16
"""Parts of a weight that its n-gram's characters share."""


class Tally(NamedTuple):
    """The distinct n-grams of a text, those without a weight, and the sum of the weights."""

    distinct: int
    unseen: int
    total: int


class Credit(NamedTuple):
    """What a word, at `start` to `end`, adds to the total, in parts of a weight.

    Every n-gram divides its weight among its characters; a word gets what its characters get.
    """

    credit: int
    start: int
    end: int


class Weigher(Protocol):
    """Knows the weights of one model. Texts are folded."""

    def tallies(self, texts: Sequence[str]) -> Iterator[Tally]:
        """Yield a tally for each text, in order."""

    def credits(self, texts: Sequence[str]) -> Iterator[list[Credit]]:
        """Yield the words of each text, in order."""


def weigher(weights: array[int], scheme: Scheme, *, fast: bool = True) -> Weigher:
    """Return a weigher; with numpy where it is installed, unless `fast` is False."""
    try:
        return Fast(weights, scheme) if fast else Plain(weights, scheme)
    except ImportError:
        return Plain(weights, scheme)


class Plain:
    """Weighs in plain Python."""

    def __init__(self, weights: array[int], scheme: Scheme) -> None:
        self._weights, self._scheme = weights, scheme

    def tallies(self, texts: Sequence[str]) -> Iterator[Tally]:
        """Yield a tally for each text, in order."""
        for text in texts:
            found = [self._weights[b] for b in {gram.bucket for gram in grams(text, self._scheme)}]
            yield Tally(len(found), found.count(0), sum(found))

    def credits(self, texts: Sequence[str]) -> Iterator[list[Credit]]:
        """Yield the words of each text, in order."""
        for text in texts:
            steps = [0] * (len(text) + 1)
            for bucket, start, end in grams(text, self._scheme):
                each = self._weights[bucket] * FRACTION // (end - start)
                steps[start] += each
                steps[end] -= each
            upto = list(accumulate(accumulate(steps), initial=0))
            yield [Credit(upto[end] - upto[start], start, end) for start, end in words(text)]


class Fast:
    """Weighs with numpy."""

    def __init__(self, weights: array[int], scheme: Scheme) -> None:
        import numpy as np

        self._weights, self._scheme = np.array(weights, np.int16), scheme

    def tallies(self, texts: Sequence[str]) -> Iterator[Tally]:
        """Yield a tally for each text, in order."""
        import numpy as np

        for bounds, buckets in hashing.rows(texts, self._scheme):
            found = self._weights.take(buckets)
            running = np.zeros(len(found) + 1, np.int64)
            np.cumsum(found, out=running[1:])
            totals = np.diff(running[bounds])
            unseen = np.diff(np.searchsorted(np.flatnonzero(found == 0), bounds))
            yield from map(Tally, np.diff(bounds).tolist(), unseen.tolist(), totals.tolist())

    def credits(self, texts: Sequence[str]) -> Iterator[list[Credit]]:
        """Yield the words of each text, in order."""
        import numpy as np

        for chunk in hashing.chunks(texts, self._scheme.bits):
            joined = "\0".join(chunk)
            upto = self._running(joined)
            starts, ends = hashing.words(joined)
            begins = np.cumsum([0, *(len(text) + 1 for text in chunk)])
            bounds = np.searchsorted(starts, begins).tolist()
            columns = upto[ends] - upto[starts], starts, ends
            for begin, (low, high) in zip(begins.tolist(), pairwise(bounds), strict=False):
                credit, start, end = (column[low:high] for column in columns)
                own = credit.tolist(), (start - begin).tolist(), (end - begin).tolist()
                yield list(map(Credit, *own))

    def _running(self, text: str) -> NDArray[np.int64]:
        """Return what the characters before each position add to the total."""
        import numpy as np

        steps, places = np.zeros(len(text) + 1, np.int64), np.arange(len(text) + 1)
        for each in hashing.stretches(text, self._scheme):
            shares = self._weights.take(each.buckets) * np.int64(FRACTION)
            shares //= places[each.ends] - places[each.starts]
            shares[each.holes] = 0
            steps[each.starts] += shares  # n-grams of one kind never share a start or an end
            steps[each.ends] -= shares
        upto = np.zeros(len(text) + 2, np.int64)
        np.cumsum(np.cumsum(steps), out=upto[1:])
        return upto
