"""Rows that cannot be read, or hold no conversation: why, how many, and where the first is."""

from dataclasses import dataclass

from curate.records import Record
from curate.surveying.names import LONGEST

_MOST = 1000
"""Different reasons that are told apart: some of them name the keys of a row."""
_OTHERS = "other reasons"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with some rows, and the first of them as `file:line`."""

    reason: str
    rows: int
    first: str


class Faults:
    """Counts faulty rows by reason."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def add(self, reason: str, record: Record) -> None:
        """Count a row."""
        reason = reason[:LONGEST]
        if reason not in self._rows and len(self._rows) >= _MOST:
            reason = _OTHERS
        self._rows[reason] = self._rows.get(reason, 0) + 1
        self._first.setdefault(reason, record.place)

    def faults(self) -> tuple[Fault, ...]:
        """Return what was counted so far, the most rows first."""
        ordered = sorted(self._rows.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Fault(reason, rows, self._first[reason]) for reason, rows in ordered)
