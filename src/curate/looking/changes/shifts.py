"""What one step says of the same records in two runs."""

from dataclasses import asdict, dataclass
from typing import Any

from curate.ledger import Entry, Look


@dataclass(frozen=True, slots=True)
class Largest:
    """The record whose score moved most; the first of the input among equals."""

    by: float
    before: float
    after: float
    index: int
    """Among the lines of the first run."""


@dataclass(slots=True)
class Shift:
    """A step that both runs have, over the records that both read."""

    step: str
    both: int = 0
    """Records that it scored in both."""
    moved: int = 0
    """Of these: records whose score differs."""
    up: int = 0
    """Of these: those with a larger score in the second run."""
    total: float = 0.0
    """The sum of all differences, second minus first."""
    largest: Largest | None = None
    new_hits: int = 0
    """Records that it hits in the second run only, where it saw them in both."""
    lost_hits: int = 0
    unsure: int = 0
    """Records that it scored in one run, and abstained from in the other."""
    seen_once: int = 0
    """Records that it saw in one run only."""

    def add(self, before: Look | None, after: Look | None, entry: Entry) -> None:
        """Count what it says of one record; None where it did not see it."""
        if before is None or after is None:
            self.seen_once += before is not after
            return
        self.new_hits += after.hit and not before.hit
        self.lost_hits += before.hit and not after.hit
        if before.score is None or after.score is None:
            self.unsure += before.score is not after.score
            return
        self.both += 1
        by = after.score - before.score
        if by:
            self.moved += 1
            self.up += by > 0
            self.total += by
            self._offer(Largest(by, before.score, after.score, entry.index))

    @property
    def differs(self) -> bool:
        """Whether it says anything else in the second run."""
        return bool(self.moved or self.new_hits or self.lost_hits or self.unsure or self.seen_once)

    @property
    def mean(self) -> float:
        """The mean difference, over all records that it scored in both."""
        return self.total / self.both if self.both else 0.0

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"mean": self.mean}

    def _offer(self, found: Largest) -> None:
        now = self.largest
        key = (-abs(found.by), found.index)
        if now is None or key < (-abs(now.by), now.index):
            self.largest = found
