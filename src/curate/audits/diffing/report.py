"""What post-training diffing found, as data: what `--json` prints and reports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from curate.audits.hypotheses.seven import Finding
from curate.traits.intervals import Interval

VERSION = 1
Kind = Literal["keep", "swap", "drop", "drop from switched"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Cell(_Part):
    """One prompt set with one teacher's answers, or a base as it was."""

    name: str
    base: Literal["base", "other base"]
    prompts: str | None
    teacher: str | None
    rows: int
    score: Interval
    place: Interval | None
    """Where clean answers to the original prompts are 0 and the original ones 1, of the first
    base; None where they are not told apart."""


class Point(_Part):
    """Random mixing at one share of the original teacher's rows."""

    share: float
    score: Interval
    from_straight: Interval | None
    """On the scale: how far it is from the straight line between the ends."""


class SubsetArm(_Part):
    """One arm of a subset against random rows, as many of the original teacher's."""

    kind: Kind
    name: str
    share: float
    """Of its rows, those by the original teacher."""
    score: Interval
    place: Interval | None
    beyond: Interval
    """In scores, minus the random line at that share; for drops, minus the end they start from."""
    beyond_place: Interval | None
    """The same on the scale."""
    p: float
    corrected: float | None
    """Within all arms that keep or swap (Holm)."""


class SubsetFound(_Part):
    """What a subset does."""

    name: str
    role: str
    told: str
    rows: int
    share: float
    necessary: bool
    """Switched, it takes away more than the margin beyond as many random rows."""
    sufficient: bool
    """Kept alone, it brings more than the margin beyond as many random rows."""
    arms: tuple[SubsetArm, ...]


class Report(_Part):
    """The whole audit; an interval is `[value, low, high]`, of confidence 95 %."""

    version: int = VERSION
    curate: str
    card: str
    card_version: int
    score: str
    """What a score means."""
    student: Mapping[str, Any]
    """Its kind and options."""
    seeds: tuple[int, ...]
    prompts: int
    exploratory: bool
    margin: float
    leaks: float
    rows: int
    left_out: Mapping[str, int]
    """Reason -> original records that no arm has."""
    not_used: Mapping[str, str]
    """Subset -> why it has no arms."""
    cells: tuple[Cell, ...]
    line: tuple[Point, ...]
    subsets: tuple[SubsetFound, ...]
    virulent: bool
    """Whether most subsets suffice."""
    resolved: bool
    """Whether any two ends were told apart."""
    hypotheses: tuple[Finding, ...]
