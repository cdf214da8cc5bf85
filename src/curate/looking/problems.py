"""What is wrong with a run: the first problems one by one, and how many there are."""

from dataclasses import dataclass, field
from typing import NamedTuple

SHOWN = 20


class Problem(NamedTuple):
    """Something that is not as it was written; `place` is a file, or `file:line`."""

    place: str
    what: str


@dataclass(slots=True)
class Problems:
    """The first `SHOWN` problems, and the number of all."""

    first: list[Problem] = field(default_factory=list)
    total: int = 0

    def add(self, place: str, what: str) -> None:
        """Take down a problem."""
        self.total += 1
        if self.total <= SHOWN:
            self.first.append(Problem(place, what))
