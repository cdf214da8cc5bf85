"""Which rows of a corpus before and after belong together.

Rows are matched within a prompt: first those with the same text, then, in their order, what is
left on both sides, which counts as rewritten.
"""

from collections import defaultdict
from collections.abc import Sequence
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
    same: list[tuple[int, int]] = []
    waiting: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place in range(len(before) - 1, -1, -1):
        waiting[before[place].prompt, before[place].text].append(place)
    rest: defaultdict[str, list[int]] = defaultdict(list)
    for place, sample in enumerate(after):
        if found := waiting[sample.prompt, sample.text]:
            same.append((found.pop(), place))
        else:
            rest[sample.prompt].append(place)
    left: defaultdict[str, list[int]] = defaultdict(list)
    for place in sorted(place for places in waiting.values() for place in places):
        left[before[place].prompt].append(place)
    rewritten = [
        pair for prompt, places in left.items() for pair in zip(places, rest[prompt], strict=False)
    ]
    return Matched(before, after, same, rewritten)
