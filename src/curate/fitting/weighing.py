"""Look the n-grams of texts up in a model's weights: with numpy, or in plain Python.

Totals are whole numbers, so both ways give the same, whatever else is in the batch. Plain Python
is about fifty times slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from curate.fitting import hashing
from curate.fitting.ngrams import Scheme, grams

if TYPE_CHECKING:
    from array import array

_HEAVIEST = 64
"""N-grams with the greatest weights that are looked at; many of them overlap."""


class Tally(NamedTuple):
    """The distinct n-grams of a text, those without a weight, and the sum of the weights."""

    distinct: int
    unseen: int
    total: int


class Weighed(NamedTuple):
    """An n-gram with a positive weight, and where it stands, half open."""

    weight: int
    start: int
    end: int


class Weigher(Protocol):
    """Knows the weights of one model. Texts are folded."""

    def tallies(self, texts: Sequence[str]) -> Iterable[Tally]:
        """Return a tally for each text, in order."""

    def heaviest(self, text: str) -> list[Weighed]:
        """Return the n-grams with the greatest positive weights, those first."""


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
            buckets = {gram.bucket for gram in grams(text, self._scheme)}
            found = [self._weights[bucket] for bucket in buckets]
            yield Tally(len(found), found.count(0), sum(found))

    def heaviest(self, text: str) -> list[Weighed]:
        """Return the n-grams with the greatest positive weights."""
        found = (
            Weighed(self._weights[gram.bucket], gram.start, gram.end)
            for gram in grams(text, self._scheme)
        )
        return _heaviest([each for each in found if each.weight > 0])


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

    def heaviest(self, text: str) -> list[Weighed]:
        """Return the n-grams with the greatest positive weights."""
        import numpy as np

        places = np.arange(len(text) + 1)
        found: list[Weighed] = []
        for each in hashing.stretches(text, self._scheme):
            weights = self._weights.take(each.buckets)
            weights[each.holes] = 0
            if len(weights) > _HEAVIEST:
                least = np.partition(weights, -_HEAVIEST)[-_HEAVIEST]
                kept = np.flatnonzero(weights >= max(least, 1))
            else:
                kept = np.flatnonzero(weights > 0)
            columns = weights, places[each.starts], places[each.ends]
            found.extend(map(Weighed, *(column[kept].tolist() for column in columns)))
        return _heaviest(found)


def _heaviest(found: list[Weighed]) -> list[Weighed]:
    return sorted(found, key=lambda each: (-each.weight, each.start, each.end))[:_HEAVIEST]
