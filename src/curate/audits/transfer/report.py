"""What an audit of transfer found, as data: what `--json` prints and reports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from curate.audits.statistics.controls import State
from curate.audits.verdict import Word

FORMAT = 1


class Bounds(NamedTuple):
    """An estimate and its 95 % interval; in JSON a bound is null where there is none."""

    value: float
    low: float
    high: float


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Arm(_Part):
    """One arm and where it stands."""

    name: str
    told: str
    rows: float
    """The mean over seeds."""
    residual: float | None
    """The share of the answers, in characters, that the rows' own teachers wrote."""
    score: float
    place: Bounds | None
    """On the scale; None where the scale has no length."""
    fates: Mapping[str, int]
    """What became of its students' answers."""
    notes: Mapping[str, Any] = {}
    """What the student of its first seed says of itself: its context, lessons cut or left out."""


class Verdict(_Part):
    """What is said of one arm."""

    arm: str
    word: Word
    because: str
    words: tuple[str, ...]
    place: Bounds | None
    scores: Bounds
    p: float
    corrected: float | None
    detectable: float
    hypothesis: str | None
    exploratory: bool
    exit_code: int


class Control(_Part):
    """A control and how it came out."""

    name: str
    state: State
    words: str


class Effect(_Part):
    """A comparison of arms."""

    name: str
    place: Bounds | None
    scores: Bounds
    p: float
    detectable: float


class Report(_Part):
    """The whole audit."""

    format: int = FORMAT
    curate: str
    run: str
    steps: tuple[str, ...]
    rows: int
    hits: int
    left_out: Mapping[str, int]
    """Reason -> records that students cannot learn."""
    lacking: Mapping[str, int]
    """Reason -> rows without a clean answer."""
    card: str
    card_version: int
    prompts: int
    templates: int
    score: str
    """What a score means."""
    student: Mapping[str, Any]
    """Its kind, version and options."""
    files: Mapping[str, str]
    """The files of its base -> SHA-256."""
    seeds: tuple[int, ...]
    zero: str
    margin: float
    leaks: float
    family: tuple[str, ...]
    arms: tuple[Arm, ...]
    not_trained: Mapping[str, str]
    verdicts: tuple[Verdict, ...]
    controls: tuple[Control, ...]
    effects: tuple[Effect, ...]
    not_tested: Mapping[str, str]
    """Comparisons that were not made -> what would make them."""

    @property
    def verdict(self) -> Verdict:
        """The verdict on what the run made of the corpus; it decides the exit code."""
        return self.verdicts[0]
