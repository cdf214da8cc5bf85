"""The rules of a policy as data; `str` of one is its text, and `parsing.parse` reads that back.

hits.secrets == 0            a number: a measure, how it is compared, a bound
teacher."gpt-4.1".fraction <= 0.1
teachers.allow: [llama-*]    whose rows may be there
audit.date_confusion in [removed, absent]
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt

NAMED = ("hits", "teacher")
"""Measures that go on with a name: of a step, of a teacher."""
COUNTED = (*NAMED, "dropped", "quarantined", "unreadable")
"""Measures whose every unit is a row that can be pointed at."""
TOTALS = ("read", "kept")
MEASURES = (*COUNTED, *TOTALS)
UNKNOWN = "unknown"
"""`teacher.unknown` are the rows that name nobody; `teacher."unknown"` is somebody's name."""
FRACTION = "fraction"
_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "==": eq,
    "<=": le,
    ">=": ge,
    "<": lt,
    ">": gt,
}
OPERATORS = tuple(_COMPARE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and whether as a share: of the rows read, for a teacher of those kept."""

    kind: str
    name: str | None = None
    """The step or the teacher; None for a measure without one, and for rows that name nobody."""
    fraction: bool = False

    def __str__(self) -> str:
        parts = [self.kind]
        if self.name is not None:
            parts.append(quoted(self.name) if self.name != UNKNOWN else f'"{self.name}"')
        elif self.kind in NAMED:
            parts.append(UNKNOWN)
        return ".".join([*parts, FRACTION] if self.fraction else parts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure held against a bound."""

    measure: Measure
    operator: str
    bound: Decimal

    def __str__(self) -> str:
        return f"{self.measure} {self.operator} {self.bound:f}"

    @property
    def caps(self) -> bool:
        """Whether each further row can only make it fail: those rows are its findings."""
        most = self.operator in ("<=", "<") or (self.operator == "==" and not self.bound)
        return most and self.measure.kind in COUNTED

    @property
    def bars(self) -> bool:
        """Whether a single row makes it fail."""
        return self.caps and not self.measure.fraction and not self.holds(1, 1)

    def holds(self, count: int, whole: int) -> bool:
        """Say whether the rule holds for `count` rows of `whole`."""
        value = Fraction(count, max(whole, 1)) if self.measure.fraction else Fraction(count)
        return _COMPARE[self.operator](value, Fraction(self.bound))


@dataclass(frozen=True, slots=True)
class Teachers:
    """Whose rows may be among the kept ones (`allows`), or whose may not; names may have globs."""

    allows: bool
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"teachers.{'allow' if self.allows else 'deny'}: {_listed(self.names)}"


@dataclass(frozen=True, slots=True)
class Audit:
    """The words that an audit of a trait card may have ended in."""

    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"audit.{quoted(self.name)} in {_listed(self.words)}"


Rule = Comparison | Teachers | Audit


def plain(name: str) -> bool:
    """Say whether a name can stand in a rule without quotes."""
    return (name[:1].isalpha() or name[:1] == "_") and all(map(in_name, name))


def in_name(char: str) -> bool:
    """Say whether a name without quotes goes on with this character."""
    return char.isalnum() or char in "_-"


def quoted(name: str) -> str:
    """Return a name as it stands in a rule."""
    if plain(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(quoted(word) for word in words)}]"
