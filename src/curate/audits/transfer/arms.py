"""The arms of an audit: what is made of the rows of a run, and the controls beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    rows = material.rows
    whole = [
        Composed(UNTOUCHED, "all rows as they were", lambda _: _without(rows, set())),
        Composed(
            AGAIN,
            "all rows as they were, with another order and initialisation",
            lambda _: _without(rows, set()),
            apart=True,
        ),
        Composed(AS_RUN, "what the run kept, rewritten rows included", lambda _: _as_run(rows)),
    ]
    made = [*whole, *_dropping(material, ctx), *_switching(material, ctx), *_cleaning(material)]
    return {each.name: each for each in made}


def _dropping(material: Material, ctx: Context) -> list[Composed]:
    """Return the arms that go without some rows."""
    rows, mine, others = material.rows, *_parted(material)
    size = len(mine)

    def drawn(seed: int) -> set[str]:
        return _keys(ctx.rng("arm", RANDOM_DROP, seed).sample(rows, size))

    def matched(seed: int) -> set[str]:
        return _keys(alike(mine, others, ctx.rng("arm", MATCHED_DROP, seed)))

    return [
        Composed(DROP, f"without the {size:,} hits", lambda _: _without(rows, _keys(mine))),
        Composed(
            RANDOM_DROP,
            f"without {size:,} rows drawn for each seed",
            lambda seed: _without(rows, drawn(seed)),
        ),
        Composed(
            MATCHED_DROP,
            f"without {size:,} other rows of like length and source, drawn for each seed",
            lambda seed: _without(rows, matched(seed)),
            lacks=f"{len(others):,} rows are no hits" if len(others) < size else None,
        ),
    ]


def _switching(material: Material, ctx: Context) -> list[Composed]:
    """Return the arms in which another teacher answers some rows."""
    rows, mine, _ = material.rows, *_parted(material)
    clean = [row for row in rows if row.clean is not None]
    size, switched = len(mine), sum(row.switched is not None for row in mine)
    count = min(switched, len(clean))

    def drawn(seed: int) -> set[str]:
        return _keys(ctx.rng("arm", RANDOM_SWITCH, seed).sample(clean, count))

    return [
        Composed(
            SWITCH,
            f"the {size:,} hits answered by another teacher",
            lambda _: _switch(rows, _keys(mine)),
            lacks=_uncovered(size, switched),
        ),
        Composed(
            RANDOM_SWITCH,
            "as many rows, drawn for each seed, answered by another teacher",
            lambda seed: _switch(rows, drawn(seed)),
            lacks=_uncovered(size, count),
        ),
    ]


def _cleaning(material: Material) -> list[Composed]:
    """Return the arms in which another teacher answers all rows, or all but the hits."""
    rows, mine, others = material.rows, *_parted(material)
    there = sum(row.clean is not None for row in rows)
    return [
        Composed(
            CLEAN,
            "every row answered by another teacher",
            lambda _: _clean(rows, set()),
            lacks=_uncovered(len(rows), there),
        ),
        Composed(
            SUFFICIENT,
            f"every row answered by another teacher but the {len(mine):,} hits",
            lambda _: _clean(rows, _keys(mine)),
            lacks=_uncovered(len(others), sum(row.clean is not None for row in others)),
        ),
    ]


def _parted(material: Material) -> tuple[list[Row], list[Row]]:
    """Return the rows that are hits, and the others."""
    hits = material.hits
    return (
        [row for row in material.rows if row.key in hits],
        [row for row in material.rows if row.key not in hits],
    )


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


def _clean(rows: Sequence[Row], originals: set[str]) -> list[Pick]:
    """Return the rows with a clean teacher's answers but for some; where it has none, no row."""
    picks = []
    for row in rows:
        said = row.original if row.key in originals else row.clean
        if said is not None:
            picks.append(Pick(row, said))
    return picks


def _keys(rows: Sequence[Row]) -> set[str]:
    return {row.key for row in rows}
