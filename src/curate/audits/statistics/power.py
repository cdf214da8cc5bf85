"""What a design can find, before and after it was run."""

from __future__ import annotations

from math import sqrt

from curate.audits.statistics import student
from curate.audits.statistics.precision import Components, Precision

POWER = 0.8
ALPHA = 0.05


def detectable(found: Precision, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the least true difference this audit would find that often, in scores."""
    return student.noncentrality(found.freedom, power, alpha) * found.error


def planned(
    pilot: Components, seeds: int, templates: int, power: float = POWER, alpha: float = ALPHA
) -> float:
    """Return the least true difference another number of seeds and templates would find.

    Args:
        pilot: What the difference varied by in a pilot.
        seeds: Of the design, at least 2.
        templates: Of the design, at least 2, of the pilot's number of prompts each.
        power: How often it would be found.
        alpha: The size of the test.
    """
    error, freedom = pilot.at(seeds, templates)
    return detectable(Precision(0.0, error, freedom), power, alpha)


def standardised(pairs: int, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return d_z: the least mean of so many paired differences that is found, over their spread.

    Of a two-sided paired t test. The sign-flip test finds slightly less with fewer than ten pairs.
    """
    return student.noncentrality(pairs - 1, power, alpha) / sqrt(pairs)


def smallest_p(pairs: int) -> float:
    """Return the least p a sign-flip test of so many pairs can give."""
    return 2.0 ** (1 - pairs)


def reachable(pairs: int, comparisons: int = 1, alpha: float = ALPHA) -> bool:
    """Say whether any of a family of sign-flip tests could be significant after Holm."""
    return smallest_p(pairs) * comparisons <= alpha


def needed(comparisons: int = 1, alpha: float = ALPHA) -> int:
    """Return the fewest pairs with which a family of sign-flip tests could find anything."""
    pairs = 1
    while not reachable(pairs, comparisons, alpha):
        pairs += 1
    return pairs
