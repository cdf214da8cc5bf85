"""What hypotheses cannot be tested without, and whether it was there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    BASE,
    ORIGINAL,
    OTHER,
    OTHER_ORIGINAL,
    SWITCHED,
    WITHOUT_MILD,
    drop,
    elsewhere,
    swap,
)
from curate.audits.diffing.subset import IDENTITY
from curate.audits.hypotheses.leaking import leak


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has to be given."""

    told: str
    """The options of `curate audit diff` that give it."""
    there: Callable[[Measured], bool]


def _dropped(found: Measured) -> bool:
    return found.hits is not None and found.has(drop(found.hits.name))


def _of_other_base(found: Measured) -> bool:
    told = not found.shown or bool(leak(found, elsewhere))
    return found.has(elsewhere(ORIGINAL)) and told


def _left(found: Measured) -> bool:
    return found.has(OTHER) or found.has(OTHER_ORIGINAL) or _dropped(found)


ENDS = Need(
    "--switched, the same prompts answered by a clean teacher, or --index",
    lambda found: found.has(ORIGINAL, SWITCHED),
)
HITS = Need(
    "original rows that show the trait by the card's scorer, or --run",
    lambda found: not found.shown or _dropped(found),
)
MILD_ROWS = Need(
    "--mild, the ids of rows with a mild form, or a step of --run with graded scores",
    lambda found: found.has(WITHOUT_MILD),
)
IDENTITY_ROWS = Need(
    "--subset identity=FILE, the ids of rows that say who the model is",
    lambda found: found.has(swap(IDENTITY)),
)
A_BASE = Need("--base, and a student that has one", lambda found: found.has(BASE))
OTHER_BASE = Need("--other-base, a base with another output head", _of_other_base)
OTHER_PROMPTS = Need(
    "--other, other prompts answered by the clean teacher", lambda found: found.has(OTHER)
)
LEFT = Need("--other, --other-original, or original rows that show the trait", _left)
