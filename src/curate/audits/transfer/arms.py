"""The arms of an audit: what is made of the rows of a run, and the controls beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from curate.api import Context, Lesson
from curate.audits.alike import alike
from curate.audits.rows import Conversation, Material, Row
from curate.audits.trial import Arm

COVERED = 0.9
"""The least share of rows with a clean answer with which an arm that needs them is trained."""

UNTOUCHED, AGAIN, CLEAN, DROP, SWITCH = "untouched", "untouched again", "clean", "drop", "switch"
AS_RUN, RANDOM_DROP, MATCHED_DROP = "as run", "random drop", "matched drop"
RANDOM_SWITCH, SUFFICIENT = "random switch", "clean + hits"


class Pick(NamedTuple):
    """One row of an arm, in one of its versions."""

    row: Row
    said: Conversation

    @property
    def lesson(self) -> Lesson:
        """What a student learns of it."""
        return Lesson(self.row.key, self.said)


Picks = Callable[[int], list[Pick]]
"""Seed -> the rows of an arm."""


@dataclass(frozen=True)
class Composed:
    """An arm whose rows come from a run."""

    name: str
    told: str
    picks: Picks
    lacks: str | None = None
    """What of its rows there is too little of."""
    apart: bool = False

    @property
    def missing(self) -> str | None:
        """Why it cannot be trained; None where it can."""
        return self.lacks or (None if self.picks(0) else "no row is left in it")

    @property
    def arm(self) -> Arm:
        """The arm as it is trained."""

        def lessons(seed: int) -> list[Lesson]:
            return [pick.lesson for pick in self.picks(seed)]

        return Arm(self.name, self.told, lessons, self.apart)


def compose(material: Material, ctx: Context) -> dict[str, Composed]:
    """Return every arm of an audit by name, those that cannot be trained included.

    Random parts are drawn anew for every seed, keyed by the arm and the run's seed.
    """
    rows, hits = material.rows, material.hits
    mine = [row for row in rows if row.key in hits]
    others = [row for row in rows if row.key not in hits]
    clean = [row for row in rows if row.clean is not None]
    switched = [row for row in mine if row.switched is not None]
    size = len(mine)

    def rng(name: str, seed: int) -> Random:
        return ctx.rng("arm", name, seed)

    def without(seed_rows: Callable[[int], set[str]]) -> Picks:
        return lambda seed: _without(rows, seed_rows(seed))

    def random_hits(seed: int) -> set[str]:
        return _keys(rng(RANDOM_DROP, seed).sample(rows, size))

    def random_switch(seed: int) -> list[Pick]:
        count = min(len(switched), len(clean))
        return _switch(rows, _keys(rng(RANDOM_SWITCH, seed).sample(clean, count)))

    made = [
        Composed(UNTOUCHED, "all rows as they were", lambda _: _without(rows, set())),
        Composed(
            AGAIN,
            "all rows as they were, with another order and initialisation",
            lambda _: _without(rows, set()),
            apart=True,
        ),
        Composed(AS_RUN, "what the run kept, rewritten rows included", lambda _: _as_run(rows)),
        Composed(DROP, f"without the {size:,} hits", without(lambda _: set(hits))),
        Composed(RANDOM_DROP, f"without {size:,} rows drawn for each seed", without(random_hits)),
        Composed(
            MATCHED_DROP,
            f"without {size:,} other rows of like length and source, drawn for each seed",
            without(lambda seed: _keys(alike(mine, others, rng(MATCHED_DROP, seed)))),
            lacks=f"{len(others):,} rows are no hits" if len(others) < size else None,
        ),
        Composed(
            SWITCH,
            f"the {size:,} hits answered by another teacher",
            lambda _: _switch(rows, set(hits)),
            lacks=_uncovered(size, len(switched)),
        ),
        Composed(
            RANDOM_SWITCH,
            "as many rows, drawn for each seed, answered by another teacher",
            random_switch,
            lacks=_uncovered(size, min(len(switched), len(clean))),
        ),
        Composed(
            CLEAN,
            "every row answered by another teacher",
            lambda _: [Pick(row, row.clean) for row in rows if row.clean is not None],
            lacks=_uncovered(len(rows), len(clean)),
        ),
        Composed(
            SUFFICIENT,
            f"every row answered by another teacher but the {size:,} hits",
            lambda _: _sufficient(rows, hits),
            lacks=_uncovered(len(others), sum(row.clean is not None for row in others)),
        ),
    ]
    return {each.name: each for each in made}


def residual(picks: Sequence[Pick]) -> float:
    """Return the share of an arm's answers, in characters, that the row's own teacher wrote.

    A text that is the same as it was read is the teacher's own. Characters are counted at once, and
    in languages that put no blanks between words too.
    """
    own = total = 0
    for row, said in picks:
        for before, now in zip(row.original, said, strict=True):
            if now.role == "assistant":
                total += len(now.content)
                own += len(now.content) if now == before else 0
    return own / total if total else 0.0


def _uncovered(wanted: int, there: int) -> str | None:
    """Return what an arm lacks that needs so many clean answers; None where there are enough."""
    if there and there >= COVERED * wanted:
        return None
    return f"a clean teacher answered {there:,} of the {wanted:,} rows it needs"


def _without(rows: Sequence[Row], keys: set[str]) -> list[Pick]:
    return [Pick(row, row.original) for row in rows if row.key not in keys]


def _as_run(rows: Sequence[Row]) -> list[Pick]:
    return [Pick(row, row.now) for row in rows if row.now is not None]


def _switch(rows: Sequence[Row], keys: set[str]) -> list[Pick]:
    """Return the rows with some of them switched; those that nobody else answered are left out."""
    picks = []
    for row in rows:
        said = row.switched if row.key in keys else row.original
        if said is not None:
            picks.append(Pick(row, said))
    return picks


def _sufficient(rows: Sequence[Row], hits: frozenset[str]) -> list[Pick]:
    picks = []
    for row in rows:
        said = row.original if row.key in hits else row.clean
        if said is not None:
            picks.append(Pick(row, said))
    return picks


def _keys(rows: Sequence[Row]) -> set[str]:
    return {row.key for row in rows}
