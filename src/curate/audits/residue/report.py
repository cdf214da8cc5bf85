"""What an audit of the residue found, as data: what `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from curate.audits.residue.bands import Mass
from curate.audits.residue.likeliest import Likely
from curate.audits.residue.response import Response
from curate.traits.intervals import Interval

FORMAT = 1


class Probed(BaseModel):
    """What the positive-unlabelled probe found."""

    model_config = ConfigDict(frozen=True)

    dropped: int
    kept: int
    """Rows it read."""
    auroc: Interval
    """How often a dropped row scores above a kept one; 0.5 is chance."""
    by_length: float
    """The same by length alone."""
    tells: bool
    """Whether it tells dropped rows from kept ones better than by chance."""
    found: Interval | None
    """c: of the rows like those that were dropped, the share that was."""
    positives: Interval | None
    """The share of kept rows that read like dropped ones."""
    likeliest: tuple[Likely, ...]


class Trained(BaseModel):
    """The students, and what they showed."""

    model_config = ConfigDict(frozen=True)

    card: str
    card_version: int
    prompts: int
    score: str
    """What a score means."""
    student: Mapping[str, Any]
    """Its kind, version and options."""
    seeds: tuple[int, ...]
    exploratory: bool
    """Too few seeds to rely on."""
    grade: str | None
    """What says which rows are mild: the card, a step, or the probe; None: nothing does."""
    mild: int
    """Rows that are at least so far on the way to a hit,"""
    least: float
    scores: Mapping[str, float]
    """Arm -> its mean score."""
    arms: Mapping[str, str]
    """Arm -> what it is made of."""
    response: Response


class Report(BaseModel):
    """The whole audit."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    curate: str
    run: str
    seed: int
    steps: tuple[str, ...]
    rows: int
    hits: int
    kept: int
    """Rows that are kept and no hits as they are now."""
    open_hits: int
    """Hits that are kept as they were read."""
    left_out: Mapping[str, int]
    """Reason -> records that are not looked at."""
    masses: tuple[Mass, ...]
    """What the card's scorer and the steps say, in this order."""
    probe: Probed | None
    trained: Trained | None
    not_tested: Mapping[str, str]
    """What was not tested -> why, and what would test it."""
