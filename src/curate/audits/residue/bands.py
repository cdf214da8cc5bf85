"""The kept rows in bands between no sign and the threshold."""

from __future__ import annotations

from bisect import bisect_left

from pydantic import BaseModel, ConfigDict

from curate.audits.residue.grading import Grade

EDGES = (0.0, 0.25, 0.5, 0.75)
"""Where a band ends, as a share of the way to the threshold; the last one ends before a hit."""
BANDS = ("no sign", "up to 25 %", "25 to 50 %", "50 to 75 %", "75 % and more", "a hit")


class Band(BaseModel):
    """Kept rows that are about as far on the way to a hit."""

    model_config = ConfigDict(frozen=True)

    name: str
    rows: int
    low: float | None
    high: float | None
    """The scores of these rows, least and greatest; None where there are none."""


class Mass(BaseModel):
    """What one scorer says is left among the kept rows."""

    model_config = ConfigDict(frozen=True)

    name: str
    rule: str
    scored: int
    unscored: int
    graded: bool
    """Whether any score stands between no sign and the threshold; else nothing mild could show."""
    mass: float
    """The mean over kept rows of how far each is on the way to a hit: 0 none, 1 all of the way."""
    worth: float
    """The same as a number of rows that just reach the threshold."""
    bands: tuple[Band, ...]


def mass(grade: Grade) -> Mass:
    """Return the bands of a grade."""
    found: list[list[float]] = [[] for _ in BANDS]
    for key, strength in grade.strengths.items():
        # nothing but a hit has all of the strength
        place = len(EDGES) + 1 if strength >= 1 else bisect_left(EDGES, strength)
        found[place].append(grade.scores[key])
    return Mass(
        name=grade.name,
        rule=grade.rule,
        scored=len(grade.scores),
        unscored=grade.unscored,
        graded=grade.graded,
        mass=grade.mass,
        worth=sum(grade.strengths.values()),
        bands=tuple(
            Band(
                name=name,
                rows=len(scores),
                low=min(scores, default=None),
                high=max(scores, default=None),
            )
            for name, scores in zip(BANDS, found, strict=True)
        ),
    )
