"""What post-training diffing works with, wherever it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curate.api import Lesson
from curate.audits.rows import Row


@dataclass(frozen=True)
class Inputs:
    """Prompts and teachers; what was not given is empty."""

    rows: tuple[Row, ...]
    """Original prompts with the original teacher's answers; all of them have a clean answer too,
    or none has."""
    other: tuple[Lesson, ...] = ()
    """Other prompts with the clean teacher's answers,"""
    other_original: tuple[Lesson, ...] = ()
    """and with the original teacher's."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason -> original records that no arm has."""

    @property
    def switched(self) -> bool:
        """Whether a clean teacher answered the original prompts."""
        return self.rows[0].clean is not None
