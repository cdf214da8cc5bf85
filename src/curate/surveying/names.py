"""Rows counted by a name that the corpus gives: a teacher, a source, a sequence of roles."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 10_000
"""Different names that are told apart; a corpus with more of them names something else there."""
LONGEST = 200
"""Characters of a name that are kept; names that agree so far count as one."""


@dataclass(frozen=True, slots=True)
class Count:
    """A name, and the rows that bear it."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Names with their rows, the most rows first."""

    names: tuple[Count, ...] = ()
    others: int = 0
    """Rows with a name beyond the first `MOST` different ones."""


class Names:
    """Counts rows by name, in bounded memory."""

    def __init__(self, most: int = MOST) -> None:
        self.rows: dict[str, int] = {}
        self.others = 0
        self._most = most

    def add(self, name: str) -> None:
        """Count a row."""
        name = name[:LONGEST]
        if name in self.rows or len(self.rows) < self._most:
            self.rows[name] = self.rows.get(name, 0) + 1
        else:
            self.others += 1

    def counts(self) -> Counts:
        """Return what was counted so far."""
        return Counts(ranked(self.rows), self.others)


def ranked(rows: Mapping[str, int]) -> tuple[Count, ...]:
    """Return names with their rows, the most rows first, equals by name."""
    ordered = sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name, number) for name, number in ordered)
