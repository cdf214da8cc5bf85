"""What a worker returns for one stage of one segment: columns, not records."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from curate.engine.authors import Characters, Written
from curate.engine.judging import Answer

ALIVE, DROPPED, QUARANTINED = 0, 1, 2
"""What can have become of a record so far."""
BY_READER = -1
"""The step number that stands for the reader of lines."""


@dataclass(slots=True)
class Tally:
    """What one step did."""

    seen: int = 0
    hits: int = 0
    abstained: int = 0
    dropped: int = 0
    quarantined: int = 0
    errors: int = 0

    def add(self, other: "Tally") -> None:
        """Add the counts of another segment."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Switched:
    """What became of the hits that one step has rewritten."""

    seen: int = 0
    """Records the step judged that no earlier step had dropped."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """`rewritten`, `dropped`, `kept`, `flagged` -> hits."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why a hit was not rewritten -> hits."""
    refused: Counter[str] = field(default_factory=Counter)
    """Why a new text was not taken -> texts."""
    teachers: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    """(teacher before, teacher after) -> rewritten hits."""
    unnamed: int = 0
    """Rows of a new teacher that have no place for its name."""

    def add(self, other: "Switched") -> None:
        """Add the counts of another segment."""
        self.seen += other.seen
        self.unnamed += other.unnamed
        for name in ("outcomes", "reasons", "refused", "teachers"):
            getattr(self, name).update(getattr(other, name))


class Rewritten(NamedTuple):
    """The row that takes a record's place."""

    raw: bytes
    """Without a terminator."""
    digest: str
    teacher: str | None
    """Who wrote the response, where the row itself has no place for it."""
    origin: str
    """Digest of the line as it was read."""


@dataclass(slots=True)
class Part:
    """What one stage made of one segment; a column has one item per record of the task."""

    indexes: "array[int]"
    """Position of each line among all lines of the run."""
    starts: "array[int]"
    ends: "array[int]"
    """Byte range of each line in the segment, terminator included."""
    heads: list[bytes]
    """The beginning of each ledger entry."""
    trails: list[bytes]
    """What the stage's steps saw, as comma-separated JSON objects."""
    fates: bytearray
    by: list[int]
    """Step that decided the fate, where it is not ALIVE."""
    masks: list[int]
    """Bit n is set where step n hit."""
    notes: dict[int, bytes]
    """record -> `,"reason":…,"detail":…` of a quarantined one."""
    tallies: dict[int, Tally]
    signatures: list[Answer | None] | None = None
    """For the corpus filter that ends the stage; None where the record is not alive."""
    rewritten: dict[int, Rewritten] = field(default_factory=dict)
    switched: dict[int, Switched] = field(default_factory=dict)
    written: Written | None = None
    """Who wrote the records as they were read; None in a run that rewrites nothing."""
    written_after: dict[int, Characters] = field(default_factory=dict)
    """For each rewritten record as it is now."""
    blank: int = 0
    crlf: int = 0

    def join(self, later: "Part", positions: Sequence[int]) -> None:
        """Enter what a later stage made of the records at `positions`."""
        for n, at in enumerate(positions):
            if later.trails[n]:
                trail = self.trails[at]
                self.trails[at] = trail + b"," + later.trails[n] if trail else later.trails[n]
            self.masks[at] |= later.masks[n]
            if self.fates[at] == ALIVE and later.fates[n] != ALIVE:
                self.fates[at], self.by[at] = later.fates[n], later.by[n]
            if n in later.notes:
                self.notes[at] = later.notes[n]
        self.tallies |= later.tallies
        if later.signatures is not None:
            self.signatures = [None] * len(self.heads)
            for n, at in enumerate(positions):
                self.signatures[at] = later.signatures[n]

    def skip(self, steps: Sequence[int]) -> None:
        """Enter that these steps saw nothing."""
        self.tallies |= {number: Tally() for number in steps}
