"""Records as a report shows them, as data."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from curate.ledger import Fate


class Part(BaseModel):
    """A part of a report."""

    model_config = ConfigDict(frozen=True)


class Piece(Part):
    """A run of characters, or (`left_out` > 0) how many characters stand between two runs."""

    text: str
    match: bool = False
    left_out: int = 0


class Passage(Part):
    """One turn of a record, shortened."""

    turn: int
    """Its place, from 1; 0 for a whole line that has no turns."""
    role: str
    version: Literal["", "before", "after"] = ""
    """Whether it is the text that was read, or the one that took its place."""
    pieces: tuple[Piece, ...]


class Example(Part):
    """One record, and what became of it."""

    index: int
    """Its place among all lines of the run, from 0."""
    place: str
    """`file:line`."""
    id: str
    fate: Fate
    told: str
    """Its fate in words: who decided, and why."""
    teacher: str | None
    source: str | None
    withheld: bool
    """Its text is not here: a sensitive step found more than it lists, or did not see it."""
    unseen_by: tuple[str, ...] = ()
    """Sensitive steps that did not see it, which is why its text is not here."""
    turns_left_out: int
    passages: tuple[Passage, ...]
