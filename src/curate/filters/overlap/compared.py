"""Texts held against all items of an evaluation at once."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from curate.filters.overlap.index import NONE, UNKNOWN, Found, Index, Overlap
from curate.filters.overlap.items import Item
from curate.filters.overlap.words import located, words


class Finding(NamedTuple):
    """The item that is covered most, and where the texts hold what it shares with them."""

    item: Item
    overlap: Overlap
    spans: list[tuple[int, int, int]]
    """Number of the text, start and end in characters."""


class Compared:
    """Items made ready to be compared with.

    An item shorter than `n` words is known by its whole sequence of words.

    Args:
        items: What texts are compared with, in the order in which equals are named.
        n: Words of an n-gram.
        min_words: An item of fewer words is left out.
    """

    def __init__(self, items: Iterable[Item], n: int, min_words: int) -> None:
        self._numbers: dict[str, int] = {}
        self._indexes: dict[int, Index] = {}
        self.items: list[Item] = []
        self.left_out = 0
        """Items of too few words."""
        for item in items:
            found = words(item.text)
            if len(found) < min_words:
                self.left_out += 1
                continue
            size = min(n, len(found))
            index = self._indexes.setdefault(size, Index(size))
            index.add(len(self.items), [self._number(word) for word in found])
            self.items.append(item._replace(text=""))

    def find(self, texts: Sequence[str]) -> Finding | None:
        """Return the item that texts cover most, the first of equals; None where none is."""
        numbers = [list(map(self._numbers.get, words(text), repeat(UNKNOWN))) for text in texts]
        best, place = NONE, None
        for index in self._indexes.values():
            found = [index.find(each) for each in numbers]
            shared = frozenset(gram for each in found for gram in each.values())
            overlap = index.best(shared)
            if overlap.better(best):
                best, place = overlap, (index, found)
        if place is None:
            return None
        spans = _spans(texts, *place, best.item)
        return Finding(self.items[best.item], best, list(spans))

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers) + 1)


def _spans(
    texts: Sequence[str], index: Index, found: Sequence[Found], item: int
) -> Iterator[tuple[int, int, int]]:
    wanted = index.grams_of(item)
    for number, (text, places) in enumerate(zip(texts, found, strict=True)):
        starts = [at for at, gram in places.items() if gram in wanted]
        where = located(text) if starts else []
        for first, last in _runs(starts, index.size):
            yield number, where[first][0], where[last][1]


def _runs(starts: Iterable[int], size: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last word of what n-grams that begin at `starts` cover together."""
    run: tuple[int, int] | None = None
    for at in starts:
        if run is not None and at <= run[1] + 1:
            run = run[0], at + size - 1
            continue
        if run is not None:
            yield run
        run = at, at + size - 1
    if run is not None:
        yield run
