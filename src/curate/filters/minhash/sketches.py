"""A set of hashes cut to its smallest, and how similar two sets are, as far as both are known.

The smallest hashes are a random sample, the same of equal sets ("bottom-k", Cohen and Kaplan
2007). Up to the lesser of two sketches' ends both sets are known completely, so what is counted
there is exact for small sets and an unbiased estimate for larger ones.
"""

from bisect import bisect_right
from collections.abc import Sequence

SIZE = 128
"""Hashes kept of a set, 4 bytes each."""


def similarity(one: Sequence[int], members: frozenset[int], other: Sequence[int]) -> float:
    """Return the Jaccard similarity of two sets: shared hashes / all hashes.

    It is exact where both sets have fewer than `SIZE` hashes; else its standard error is at most
    sqrt(s * (1 - s) / SIZE), 0.035 at 0.8.

    Args:
        one: The smallest hashes of a set, ascending.
        members: The same ones.
        other: The smallest hashes of the other, ascending.
    """
    shared = len(members.intersection(other))
    ends = [sketch[-1] for sketch in (one, other) if len(sketch) == SIZE]
    if not ends:
        return shared / (len(one) + len(other) - shared)
    known = min(ends)
    return shared / (bisect_right(one, known) + bisect_right(other, known) - shared)
