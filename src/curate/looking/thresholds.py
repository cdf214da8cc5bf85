"""Thresholds of a rule: as a user writes them, or spread over the scores."""

import math
import struct
import zlib
from collections.abc import Iterable, Sequence

from curate.api import Rule
from curate.errors import UsageError

SCORES = 4096
"""Quantiles are taken of at most this many distinct scores."""
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


def kind(rule: Rule) -> str:
    """Return `at_least`, `at_most` or `outside`."""
    return next(name for name, bound in rule if bound is not None)


def bounds(rule: Rule) -> tuple[float, ...]:
    """Return the rule's one bound, or its two."""
    bound = getattr(rule, kind(rule))
    return bound if isinstance(bound, tuple) else (bound,)


def moved(rule: Rule, threshold: str) -> Rule:
    """Return the rule with the threshold a user wrote: `0.5`, or `0.1,0.9` for `outside`.

    Raises:
        UsageError: it is not what this kind of rule takes.
    """
    wanted = len(bounds(rule))
    try:
        numbers = [float(number) for number in threshold.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != wanted or numbers != sorted(numbers) or any(map(math.isnan, numbers)):
        form = "LOW,HIGH such as --at 0.1,0.9" if wanted == 2 else "one number such as --at 0.5"
        raise UsageError(f"--at {threshold}: the step's rule is {rule}, so give {form}")
    return _rule(kind(rule), numbers)


def spread(rule: Rule, scores: Iterable[float]) -> list[Rule]:
    """Return the rule at quantiles of the distinct scores, rounded to four digits.

    A rule with two bounds has no natural order of thresholds and is not spread.
    """
    if kind(rule) == "outside":
        return []
    values = sorted(_some_distinct(scores))
    if not values:
        return []
    picked = {values[round(share * (len(values) - 1))] for share in QUANTILES}
    return [_rule(kind(rule), [float(f"{value:.4g}")]) for value in picked]


def distance(rule: Rule, score: float) -> float:
    """Return how far a score is from the nearest bound."""
    return min(abs(score - bound) for bound in bounds(rule))


def _rule(name: str, numbers: Sequence[float]) -> Rule:
    return Rule.model_validate({name: numbers if name == "outside" else numbers[0]})


def _some_distinct(scores: Iterable[float]) -> set[float]:
    """Return the distinct scores, or those `SCORES` of them whose hash is smallest."""
    kept: set[float] = set()
    for score in scores:
        kept.add(score)
        if len(kept) >= 2 * SCORES:
            kept = set(sorted(kept, key=_hash)[:SCORES])
    return set(sorted(kept, key=_hash)[:SCORES])


def _hash(score: float) -> int:
    return zlib.crc32(struct.pack("<d", score))
