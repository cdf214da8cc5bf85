"""How numbers are spread: exact quantiles, and counts by powers of two."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_LOWEST = 6
"""Numbers below 2**6 stand in one bin: shorter texts are hardly told apart by length."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles by nearest rank: each is a number that was there."""

    rows: int
    min: int
    p5: int
    median: int
    p95: int
    p99: int
    max: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many of the numbers lie in `low` to `high`, both included."""

    low: int
    high: int
    rows: int


def spread(numbers: Sequence[int]) -> Spread | None:
    """Return the quantiles of whole numbers; None where there are none."""
    if not numbers:
        return None
    ordered = sorted(numbers)

    def at(share: float) -> int:
        return ordered[max(math.ceil(share * len(ordered)), 1) - 1]

    return Spread(
        rows=len(ordered),
        min=ordered[0],
        p5=at(0.05),
        median=at(0.5),
        p95=at(0.95),
        p99=at(0.99),
        max=ordered[-1],
    )


def bins(numbers: Sequence[int]) -> tuple[Bin, ...]:
    """Return counts of numbers of 0 or more, from the first bin with any to the last."""
    found = Counter(_place(number) for number in numbers)
    places = range(min(found), max(found) + 1) if found else ()
    return tuple(Bin(*_ends(place), found[place]) for place in places)


def _place(number: int) -> int:
    """Return 0 for nothing, 1 for what lies below 2**_LOWEST, then one more for each doubling."""
    return max(number.bit_length() - _LOWEST + 1, 1) if number else 0


def _ends(place: int) -> tuple[int, int]:
    if place <= 1:
        return place, place and 2**_LOWEST - 1
    return 2 ** (place + _LOWEST - 2), 2 ** (place + _LOWEST - 1) - 1
