"""Who wrote the answers, how much of them, and where rows say so."""

from dataclasses import dataclass

from curate.records import Record
from curate.surveying.alike import Alike, alike
from curate.surveying.names import LONGEST, MOST, Count, Names

NOBODY = -1
"""The number of a row whose teacher is not named, or is one too many to be told apart."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """One teacher, its rows, and the characters of the assistant turns in them."""

    name: str
    rows: int
    characters: int


@dataclass(frozen=True, slots=True)
class Teachers:
    """The teachers of a corpus, the most rows first."""

    named: tuple[Teacher, ...]
    places: tuple[Count, ...]
    """Dotted path to the field that names the teacher -> rows; a plan may name it without one."""
    unnamed_rows: int
    unnamed_characters: int
    other_rows: int
    """Rows whose teacher is beyond the first 10,000."""
    alike: tuple[Alike, ...]
    """Names that may mean one teacher: `aliases:` of a plan makes them one."""


class TeacherTally:
    """Counts records by teacher."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows: list[int] = []
        self._characters: list[int] = []
        self._places = Names()
        self._unnamed_rows = self._unnamed_characters = self._other_rows = 0

    def add(self, record: Record) -> int:
        """Count a record; return the number of its teacher, or `NOBODY`."""
        characters = sum(len(text) for _, text in record.texts("assistant"))
        name = record.teacher
        if name is None:
            self._unnamed_rows += 1
            self._unnamed_characters += characters
            return NOBODY
        if (place := record.teacher_place) is not None:
            self._places.add(".".join(map(str, place)))
        number = self._number(name[:LONGEST])
        if number == NOBODY:
            self._other_rows += 1
        else:
            self._rows[number] += 1
            self._characters[number] += characters
        return number

    def names(self) -> list[str]:
        """Return the teachers in the order of their numbers."""
        return list(self._numbers)

    def teachers(self) -> Teachers:
        """Return what was counted so far."""
        found = [
            Teacher(name, self._rows[number], self._characters[number])
            for name, number in self._numbers.items()
        ]
        return Teachers(
            named=tuple(sorted(found, key=lambda each: (-each.rows, each.name))),
            places=self._places.counts().names,
            unnamed_rows=self._unnamed_rows,
            unnamed_characters=self._unnamed_characters,
            other_rows=self._other_rows,
            alike=alike({each.name: each.rows for each in found}),
        )

    def _number(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            if len(self._numbers) >= MOST:
                return NOBODY
            number = self._numbers[name] = len(self._rows)
            self._rows.append(0)
            self._characters.append(0)
        return number
