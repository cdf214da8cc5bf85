"""Students that had less and less of what is mild, and as many other rows less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from curate.api import Context
from curate.audits.alike import alike
from curate.audits.residue.grading import MILD, PROBE, Grade
from curate.audits.rows import Material, Row
from curate.audits.transfer.arms import CLEAN, DROP, SWITCH, UNTOUCHED, Composed, Pick, compose
from curate.audits.trial import BASE, Arm

SHARES = (1 / 3, 2 / 3, 1.0)
"""How much of the mild mass a dose takes away."""
SWITCHED = "drop, mild switched"
_MARK = "mild"


@dataclass(frozen=True)
class Dose:
    """Mild rows that are taken away, the strongest first."""

    mild: str
    """The arm without them."""
    other: str
    """The arm without as many other rows, of like length and source."""
    rows: tuple[Row, ...]
    left: float
    """The share of the mild mass that is left."""


@dataclass(frozen=True)
class Doses:
    """What is trained."""

    arms: tuple[Arm, ...]
    doses: tuple[Dose, ...]
    zero: str
    """The arm that is 0 on the scale."""
    missing: Mapping[str, str]
    """Arms that are not trained -> why."""
    known: bool = True
    """Whether anything says which rows are mild."""
    ranked: bool = False
    """Whether rows are only in order: there may be more mild ones than were taken away."""


def mild(grade: Grade, ctx: Context, least: float = MILD) -> list[str]:
    """Return the kept rows that are mild, the strongest first; chance orders those as strong."""
    found = grade.mild(least)
    ctx.rng("mild").shuffle(found)
    return sorted(found, key=lambda key: -grade.strengths[key])


def doses(material: Material, grade: Grade | None, ctx: Context, least: float = MILD) -> Doses:
    """Return the arms of the dose-response.

    Args:
        material: The rows of a run.
        grade: Says which kept rows are mild; None: nobody knows.
        ctx: Decides the draws.
        least: From which strength on a row is mild.
    """
    made = compose(material, ctx)
    wanted = [made[name] for name in (UNTOUCHED, DROP, CLEAN)]
    missing = {each.name: each.missing for each in wanted if each.missing is not None}
    if CLEAN in missing and material.lacking:
        why = ", ".join(f"{count:,} {reason}" for reason, count in material.lacking.items())
        missing[CLEAN] += f" ({why})"
    zero = BASE if CLEAN in missing else CLEAN
    arms = [each.arm for each in wanted if each.name not in missing]
    left = [row for row in material.rows if row.key not in material.hits]
    steps = [] if grade is None else _steps(left, mild(grade, ctx, least), grade.strengths)
    for dose in steps:
        arms += _pair(dose, left, {row.key for row in steps[-1].rows}, ctx)
    if steps:
        switched = _switched(left, steps[-1].rows, ctx)
        if switched.missing is None:
            arms.append(switched.arm)
        else:
            missing[SWITCHED] = switched.missing
    return Doses(
        tuple(arms),
        tuple(steps),
        zero,
        missing,
        grade is not None,
        grade is not None and grade.name == PROBE,
    )


def _steps(
    left: Sequence[Row], ordered: Sequence[str], strengths: Mapping[str, float]
) -> list[Dose]:
    """Return the doses; one that takes no more rows than the one before is left out."""
    rows = {row.key: row for row in left}
    ordered = [key for key in ordered if key in rows]
    whole = sum(strengths[key] for key in ordered)
    found: list[Dose] = []
    taken, gone = 0, 0.0
    for share in SHARES:
        before = taken
        while taken < len(ordered) and gone < share * whole * (1 - 1e-9):
            gone += strengths[ordered[taken]]
            taken += 1
        if taken > before:
            name = f"drop + mild {share:.0%}"
            chosen = tuple(rows[key] for key in ordered[:taken])
            # sums of another order differ in their last bits
            rest = 0.0 if taken == len(ordered) else 1 - gone / whole
            found.append(Dose(name, f"drop + others {share:.0%}", chosen, rest))
    return found


def _pair(dose: Dose, left: Sequence[Row], spared: set[str], ctx: Context) -> list[Arm]:
    """Return the arm without the mild rows and the one without others; no mild row is another."""
    others = [row for row in left if row.key not in spared]
    count = len(dose.rows)

    def without_others(seed: int) -> list[Pick]:
        return _without(left, alike(dose.rows, others, ctx.rng("alike", dose.other, seed)))

    return [
        Composed(
            dose.mild,
            f"without the hits and the {count:,} strongest mild rows",
            lambda _: _without(left, dose.rows),
        ).arm,
        Composed(
            dose.other,
            f"without the hits and {min(count, len(others)):,} rows that are not mild, of like "
            "length and source, drawn for each seed",
            without_others,
        ).arm,
    ]


def _switched(left: Sequence[Row], rows: Sequence[Row], ctx: Context) -> Composed:
    """Return the arm without the hits in which another teacher answers all mild rows."""
    keys = {row.key for row in rows}
    marked = [
        replace(row, hits=frozenset({_MARK}) if row.key in keys else frozenset()) for row in left
    ]
    made = compose(Material(tuple(marked), (_MARK,), {}), ctx)[SWITCH]
    told = f"without the hits, the {len(rows):,} mild rows answered by another teacher"
    return replace(made, name=SWITCHED, told=told)


def _without(rows: Sequence[Row], gone: Sequence[Row]) -> list[Pick]:
    keys = {row.key for row in gone}
    return [Pick(row, row.original) for row in rows if row.key not in keys]
