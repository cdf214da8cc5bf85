"""The search for rows whose switch removes the trait, none of which can be put back.

Rows of the highest ranks are switched, more and more, until the trait is gone; then those that are
not needed get their own answers back. A unit is a few rows of neighbouring rank. All probes have
the same seeds, so a set gets the same verdict whenever it is asked for, and what is found is
1-minimal for these seeds: switched, the trait is gone; with any one unit put back, it is not shown
to be gone. Gone means that the upper bound of the interval over seeds is below the margin, so
noise makes the set larger, never the claim bolder. Fresh seeds then judge the set as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curate.audits.locating.groups import equal_parts
from curate.audits.locating.minimal import minimal, shortest
from curate.audits.locating.scale import Scale
from curate.audits.rows import Conversation, Row
from curate.traits.intervals import Interval


@dataclass(frozen=True)
class Unit:
    """Rows that are switched together or not at all; all rows of its prompts."""

    number: int
    """Its place in the ranking, from 1."""
    keys: frozenset[str]


@dataclass(frozen=True)
class Located:
    """What was found."""

    units: tuple[Unit, ...]
    position: Interval
    """With all of them switched."""
    put_back: tuple[Interval, ...]
    """With each of them in turn put back."""

    @property
    def keys(self) -> frozenset[str]:
        """The rows."""
        return _keys(self.units)


def units(rows: Sequence[Row], scores: Mapping[str, float], count: int) -> list[Unit]:
    """Cut the prompts, those that teach most first, into so many units."""
    together: dict[Conversation, list[str]] = {}
    for row in rows:
        together.setdefault(row.prompt, []).append(row.key)
    prompts = list(together.values())
    prompts.sort(key=lambda keys: -max(scores[key] for key in keys))
    parts = equal_parts(prompts, list(map(len, prompts)), min(count, len(prompts)))
    return [
        Unit(number, frozenset(key for keys in part for key in keys))
        for number, part in enumerate(parts, start=1)
    ]


def search(ordered: Sequence[Unit], scale: Scale, margin: float) -> Located | None:
    """Return a 1-minimal set of units whose switch removes the trait; None where none does.

    Raises:
        Spent: the budget does not reach.
    """

    def removes(some: Sequence[Unit]) -> bool:
        return scale.position(_keys(some)).high < margin

    enough = shortest(ordered, removes)
    if enough is None:
        return None
    kept = minimal(enough, removes)
    back = [scale.position(_keys(unit for unit in kept if unit != each)) for each in kept]
    return Located(tuple(kept), scale.position(_keys(kept)), tuple(back))


def _keys(some: Iterable[Unit]) -> frozenset[str]:
    return frozenset(key for unit in some for key in unit.keys)
