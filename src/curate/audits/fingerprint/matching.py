"""Which rows of a corpus before and after belong together.

Rows are matched within a prompt: first those with the same text. What is left on both sides counts
as rewritten where the ids are the same; rows without an id are taken in their order.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from curate.fitting.fingerprint.samples import Sample


class Matched(NamedTuple):
    """Rows before and after, and which belong together."""

    before: Sequence[Sample]
    after: Sequence[Sample]
    same: list[tuple[int, int]]
    """(place before, place after) of rows with the same text."""
    rewritten: list[tuple[int, int]]

    @property
    def gone(self) -> int:
        """Rows that have no counterpart after."""
        return len(self.before) - len(self.same) - len(self.rewritten)

    @property
    def new(self) -> int:
        """Rows that have no counterpart before."""
        return len(self.after) - len(self.same) - len(self.rewritten)


def match(before: Sequence[Sample], after: Sequence[Sample]) -> Matched:
    """Return which rows belong together."""
    old, new = list(range(len(before))), list(range(len(after)))
    pairs: list[list[tuple[int, int]]] = []
    for key in (_whole, _text, _row):
        found, old, new = _pairs(before, old, after, new, key)
        pairs.append(found)
    return Matched(before, after, sorted(pairs[0] + pairs[1]), pairs[2])


def _whole(sample: Sample) -> Hashable:
    return sample.prompt, sample.text, sample.id


def _text(sample: Sample) -> Hashable:
    return sample.prompt, sample.text


def _row(sample: Sample) -> Hashable:
    return sample.prompt, sample.id


def _pairs(
    before: Sequence[Sample],
    old: Sequence[int],
    after: Sequence[Sample],
    new: Sequence[int],
    key: Callable[[Sample], Hashable],
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Return pairs of places with equal keys, in order, and the places left on both sides."""
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(old):
        waiting[key(before[place])].append(place)
    pairs, rest = [], []
    for place in new:
        if found := waiting[key(after[place])]:
            pairs.append((found.pop(), place))
        else:
            rest.append(place)
    left = sorted(place for places in waiting.values() for place in places)
    return pairs, left, rest
