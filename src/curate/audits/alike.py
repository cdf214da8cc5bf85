"""As many other rows of like length and source: the control of a set of rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from random import Random

from curate.audits.rows import Row


def alike(chosen: Sequence[Row], others: Sequence[Row], rng: Random) -> list[Row]:
    """Return for each chosen row another of its source, the nearest in length that is still free.

    Where a source has no rows left, a row of any source stands in; where there are fewer others
    than chosen rows, all of them are returned.
    """
    free: dict[str | None, list[Row]] = defaultdict(list)
    for row in rng.sample(others, len(others)):
        free[row.source].append(row)
    for several in free.values():
        several.sort(key=lambda row: row.length)
    found = []
    for row in rng.sample(chosen, min(len(chosen), len(others))):
        pool = free[row.source] or max(free.values(), key=len)
        place = bisect_left(pool, row.length, key=lambda other: other.length)
        near = [at for at in (place - 1, place) if 0 <= at < len(pool)]
        nearest = min(near, key=lambda at: abs(pool[at].length - row.length))
        found.append(pool.pop(nearest))
    return found
