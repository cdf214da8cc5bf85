"""Delta debugging: a part of what brings something about, all of which is needed.

Zeller & Hildebrandt 2002, "Simplifying and isolating failure-inducing input" (ddmin), without its
step to single parts: what carries a trait is spread, so that it is the rest that must be tried.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

Unit = TypeVar("Unit")


def minimal(units: Sequence[Unit], holds: Callable[[list[Unit]], bool]) -> list[Unit]:
    """Return some of the units for which `holds`, though for none less any one of them.

    Halves are left out first, then ever smaller parts, the last units before the first. It is
    1-minimal whatever the oracle, as long as it answers the same when it is asked the same. Where
    more units never take away what fewer brought about, no smaller part of what is left holds.

    Args:
        units: All for which it holds, in the order of how much each is expected to matter.
        holds: Says whether it holds for some of them.
    """
    kept, size = list(units), max(1, len(units) // 2)
    while kept:
        before = len(kept)
        for start in reversed(range(0, len(kept), size)):
            rest = kept[:start] + kept[start + size :]
            if holds(rest):
                kept = rest
        if len(kept) == before:
            if size == 1:
                break
            size = max(1, size // 2)
        size = min(size, max(1, len(kept)))
    return kept


def shortest(units: Sequence[Unit], holds: Callable[[list[Unit]], bool]) -> list[Unit] | None:
    """Return the first units, as few as are found, for which `holds`; None where it never does.

    Twice as many are tried as long as it does not hold; then the interval is halved.
    """
    low, high = 0, 1
    while not holds(list(units[:high])):
        if high >= len(units):
            return None
        low, high = high, min(2 * high, len(units))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(list(units[:middle])) else (middle, high)
    return list(units[:high])
