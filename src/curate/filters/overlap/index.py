"""An index of the n-grams of many items: which of them share any with a text, and how much.

An n-gram is known by the place where it was first met in one long array of words, so it costs
no object: 12 bytes a word and 8 to 16 bytes for each different n-gram. Equal hashes are told
apart by their words; no answer depends on a hash.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

UNKNOWN = 0
"""The number of a word that no item has."""
Gram = tuple[int, ...]
Found = dict[int, int]
"""Where an n-gram starts in a text -> where it was first met in the index."""

_COMMON = 64
"""An n-gram that occurs more often than this, in a template for example, is common: what the
common n-grams of a text come to by themselves is worked out once and remembered."""
_REMEMBERED = 4096


class Overlap(NamedTuple):
    """How much of an item is covered by n-grams that a text shares with it."""

    covered: int
    words: int
    item: int

    @property
    def share(self) -> float:
        """Of the item's words: those covered."""
        return self.covered / self.words

    def better(self, other: "Overlap") -> bool:
        """Say whether this is the greater share, or as great and of the earlier item."""
        return (self.share, -self.item) > (other.share, -other.item)


NONE = Overlap(0, 1, -1)


class Index:
    """The n-grams of items.

    Args:
        size: Words of an n-gram.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._words: array[int] = array("I")
        self._first: array[int] = array("I")
        """For every word, where the n-gram that starts there was first met."""
        self._next: array[int] = array("I")
        """For every word, where the n-gram that starts there is met next; 0 is nowhere."""
        self._items: array[int] = array("I")
        self._starts: array[int] = array("I")
        self._heads: set[int] = set()
        """The words with which n-grams begin."""
        self._grams = 0
        self._slots: array[int] = array("I", [0]) * 1024
        self._best_of_common = lru_cache(_REMEMBERED)(self._best_of)

    def add(self, item: int, words: Sequence[int]) -> None:
        """Take in an item.

        Args:
            item: Its number; items come in ascending order.
            words: The numbers of its words, at least `size` of them, none `UNKNOWN`.
        """
        start = len(self._words)
        self._items.append(item)
        self._starts.append(start)
        self._words.extend(words)
        self._first.extend(range(start, start + len(words)))
        self._next.extend([0] * len(words))
        for place, gram in enumerate(grams(words, self.size), start):
            self._enter(place, gram)

    def find(self, words: Sequence[int]) -> Found:
        """Return which n-grams of a text the index has."""
        slots, mask, heads, size = self._slots, len(self._slots) - 1, self._heads, self.size
        some = [
            (at, gram)
            for places in _known(words, size)
            for at in places
            # Most n-grams of most texts end here.
            if words[at] in heads and slots[hash(gram := tuple(words[at : at + size])) & mask]
        ]
        placed = ((at, slots[self._slot(gram)]) for at, gram in some)
        return {at: entry - 1 for at, entry in placed if entry}

    def best(self, shared: frozenset[int]) -> Overlap:
        """Return the item of which the most is covered by these n-grams, the first of equals."""
        common = frozenset(gram for gram in shared if self._is_common(gram))
        best = self._best_of_common(common) if common else NONE
        rare = {n for gram in shared - common for n in self._holders(gram)}
        return self._greatest(rare, shared, best)

    def grams_of(self, item: int) -> frozenset[int]:
        """Return the n-grams of an item."""
        return frozenset(
            self._first[place] for place in self._places(bisect_left(self._items, item))
        )

    def _enter(self, place: int, gram: Gram) -> None:
        slot = self._slot(gram)
        if entry := self._slots[slot]:
            first = entry - 1
            self._first[place] = first
            # Behind the first, so that no list has to be walked to its end.
            self._next[place], self._next[first] = self._next[first], place
            return
        self._heads.add(gram[0])
        self._slots[slot] = place + 1
        self._grams += 1
        if 2 * self._grams > len(self._slots):
            self._grow()

    def _slot(self, gram: Gram) -> int:
        """Return the slot of an n-gram, or the free one where it would go."""
        slots, mask, size = self._slots, len(self._slots) - 1, self.size
        at = hash(gram) & mask
        while entry := slots[at]:
            if tuple(self._words[entry - 1 : entry - 1 + size]) == gram:
                break
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        entries = [entry for entry in self._slots if entry]
        self._slots = array("I", [0]) * (2 * len(self._slots))
        for entry in entries:
            gram = tuple(self._words[entry - 1 : entry - 1 + self.size])
            self._slots[self._slot(gram)] = entry

    def _occurrences(self, gram: int) -> Iterator[int]:
        place = gram
        while True:
            yield place
            place = self._next[place]
            if not place:
                return

    def _is_common(self, gram: int) -> bool:
        return next(islice(self._occurrences(gram), _COMMON, None), None) is not None

    def _holders(self, gram: int) -> Iterator[int]:
        """Yield the position in `_items` of every item that holds an n-gram."""
        return (bisect_right(self._starts, place) - 1 for place in self._occurrences(gram))

    def _best_of(self, shared: frozenset[int]) -> Overlap:
        holders = {n for gram in shared for n in self._holders(gram)}
        return self._greatest(holders, shared, NONE)

    def _greatest(self, holders: set[int], shared: frozenset[int], best: Overlap) -> Overlap:
        for n in sorted(holders):
            overlap = Overlap(self._covered(n, shared), self._length(n), self._items[n])
            if overlap.better(best):
                best = overlap
        return best

    def _covered(self, n: int, shared: frozenset[int]) -> int:
        """Return how many words of an item lie in any of the n-grams."""
        covered, reach = 0, 0
        for place in self._places(n):
            if self._first[place] in shared:
                end = place + self.size
                covered += end - max(place, reach)
                reach = end
        return covered

    def _length(self, n: int) -> int:
        starts = self._starts
        return (starts[n + 1] if n + 1 < len(starts) else len(self._words)) - starts[n]

    def _places(self, n: int) -> range:
        """Return where the n-grams of an item start."""
        start = self._starts[n]
        return range(start, start + self._length(n) - self.size + 1)


def grams(words: Sequence[int], size: int) -> Iterator[Gram]:
    """Yield every `size` words that stand in a row."""
    return zip(*(words[skip:] for skip in range(size)), strict=False)


def _known(words: Sequence[int], size: int) -> Iterator[range]:
    """Yield the places where n-grams of known words start, run by run."""
    start = 0
    while start + size <= len(words):
        try:
            end = words.index(UNKNOWN, start)
        except ValueError:
            end = len(words)
        yield range(start, end - size + 1)
        start = end + 1
