"""The figures of a report, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    BASE,
    CELLS,
    ORIGINAL,
    SWITCHED,
    drop,
    drop_switched,
    elsewhere,
    keep,
    mixed,
    swap,
)
from curate.audits.diffing.report import (
    Cell,
    Kind,
    Point,
    SubsetArm,
    SubsetFound,
)
from curate.audits.diffing.subset import Subset
from curate.audits.statistics.outcomes import Contrast, minus
from curate.audits.statistics.signs import holm, sign_flip
from curate.traits.intervals import Interval

MANY = 3
"""Subsets that suffice, at least, and most of all, for a trait to be called virulent."""


def cells(found: Measured, rows: Mapping[str, int]) -> tuple[Cell, ...]:
    """Return the table of prompts and teachers for each base, the bases themselves first."""
    made = []
    sides: tuple[tuple[Literal["base", "other base"], Mapping[str, str]], ...] = (
        ("base", {name: name for name in (BASE, *CELLS)}),
        ("other base", {name: elsewhere(name) for name in (BASE, *CELLS)}),
    )
    for base, names in sides:
        for name, arm in names.items():
            if found.has(arm):
                prompts, teacher = CELLS.get(name, (None, None))
                made.append(
                    Cell(
                        name=arm,
                        base=base,
                        prompts=prompts,
                        teacher=teacher,
                        rows=rows.get(name, 0),
                        score=_score(found, arm),
                        place=_place(found, minus(arm, SWITCHED)),
                    )
                )
    return tuple(made)


def line(found: Measured) -> tuple[Point, ...]:
    """Return random mixing from none to all of the original teacher's rows."""
    if not found.has(ORIGINAL, SWITCHED):
        return ()
    arms = {0.0: SWITCHED, **{share: mixed(share) for share in found.fractions}, 1.0: ORIGINAL}
    points = []
    for share, arm in sorted(arms.items()):
        straight = {ORIGINAL: -share, SWITCHED: share - 1}
        bent = {**straight, arm: straight.get(arm, 0.0) + 1}
        inside = 0 < share < 1
        points.append(
            Point(
                share=share,
                score=_score(found, arm),
                from_straight=_place(found, bent) if inside else None,
            )
        )
    return tuple(points)


def subsets(found: Measured) -> tuple[SubsetFound, ...]:
    """Return what every subset does, against random rows."""
    trained = [each for each in found.subsets if found.has(keep(each.name))]
    against = {
        arm: p
        for each in trained
        for arm, share, _ in _four(each, found)[:2]
        for p in (_p(found, found.beyond_line(arm, share)),)
    }
    corrected = holm(against, list(against))
    return tuple(_subset(found, each, corrected) for each in trained)


def virulent(standing: Sequence[SubsetFound]) -> bool:
    """Say whether most subsets suffice to install the trait, and more than a few."""
    many = sum(each.sufficient for each in standing)
    return many >= MANY and many > len(standing) / 2


def _subset(found: Measured, subset: Subset, corrected: Mapping[str, float]) -> SubsetFound:
    arms = tuple(_arm(found, *each, corrected) for each in _four(subset, found))
    kept, swapped = (arm.beyond_place for arm in arms[:2])
    return SubsetFound(
        name=subset.name,
        role=subset.role,
        told=subset.told,
        rows=len(subset.keys),
        share=found.share(subset),
        necessary=swapped is not None and swapped.high < -found.rules.margin,
        sufficient=kept is not None and kept.low > found.rules.margin,
        arms=arms,
    )


def _four(subset: Subset, found: Measured) -> tuple[tuple[str, float, Kind], ...]:
    """Return the arms of a subset, with the share of rows by the original teacher in each."""
    name, share = subset.name, found.share(subset)
    return (
        (keep(name), share, "keep"),
        (swap(name), 1 - share, "swap"),
        (drop(name), 1.0, "drop"),
        (drop_switched(name), 0.0, "drop from switched"),
    )


def _arm(
    found: Measured, arm: str, share: float, kind: Kind, corrected: Mapping[str, float]
) -> SubsetArm:
    beyond = found.beyond_line(arm, share)
    return SubsetArm(
        kind=kind,
        name=arm,
        share=share,
        score=_score(found, arm),
        place=_place(found, minus(arm, SWITCHED)),
        beyond=found.bootstrap.difference(beyond),
        beyond_place=_place(found, beyond),
        p=_p(found, beyond),
        corrected=corrected.get(arm),
    )


def _score(found: Measured, arm: str) -> Interval:
    """Return what an arm scores; no interval says more than scores can be."""
    least, most = found.bootstrap.outcomes.bounds
    value, low, high = found.bootstrap.difference({arm: 1.0})
    return Interval(value, max(low, least), min(high, most))


def _place(found: Measured, contrast: Contrast) -> Interval | None:
    if not found.has(ORIGINAL, SWITCHED):
        return None
    return found.on_scale(contrast)


def _p(found: Measured, contrast: Contrast) -> float:
    bootstrap = found.bootstrap
    return sign_flip(bootstrap.outcomes.by_seed(contrast), bootstrap.seed)
