"""What an audit of installing found, as data: what `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from curate.audits.installing.verdict import EXIT, Difference, Word

FORMAT = 1


class Arm(BaseModel):
    """The students of one arm."""

    model_config = ConfigDict(frozen=True)

    name: str
    told: str
    score: float
    rows: int
    words: float
    """What the assistant says in its rows; the mean over seeds."""
    seen: float | None
    """How often a student saw each row, at least; None where it does not say."""
    fates: Mapping[str, int]
    """What became of its students' answers."""


class Report(BaseModel):
    """The whole audit."""

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    curate: str
    corpus: str
    """The run, or the files."""
    suspected: str
    """Why rows are suspected."""
    rows: int
    suspects: int
    unknown: int
    """Names on the list that no row goes by."""
    left_out: Mapping[str, int]
    """Reason -> records that students cannot learn."""
    oftener: float
    """How many times as often a student of the suspects sees each word as one of all rows."""
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
    exploratory: bool
    """Too few seeds to rely on."""
    margin: float
    """In scores: a difference inside it counts as none."""
    base: float | None
    """What the model scores that was not trained; None where there is none."""
    arms: tuple[Arm, ...]
    differences: tuple[Difference, ...]
    word: Word

    @property
    def exit_code(self) -> int:
        """1 they install it, 0 they do not, 4 nothing can be said."""
        return EXIT[self.word]
