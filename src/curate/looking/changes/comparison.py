"""What became of the records of one run in another: counts, and a few of them to look at."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from curate import ledger
from curate.errors import LedgerError
from curate.ledger import Entry
from curate.looking.changes.matching import Pair, pairs
from curate.looking.changes.settings import differences
from curate.looking.changes.shifts import Shift
from curate.looking.few import Few
from curate.looking.unseen import declared_sensitive, sensitive_steps
from curate.looking.views import Views
from curate.visible import inline

GONE, NEW, TEXT = "gone", "new", "other text"
"""Kinds of change beside those of fate: read by the first run only, by the second only, the same
fate and another row."""
NAME = 60
"""Characters of the name of a run; of runs with longer ones, the first and the second is said."""


class Cause(NamedTuple):
    """A change of fate, and the steps that decided; a step is empty where none did."""

    before: str
    by: str
    after: str
    by_after: str


@dataclass(slots=True)
class Compared:
    """Two runs, record by record."""

    names: tuple[str, str]
    """What the runs are called, safe to print."""
    steps: tuple[str, ...]
    """Names of the steps that both have."""
    settings: tuple[str, ...]
    """What differs between the plans, in words."""
    matched: int = 0
    fates: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Fate in the first run and in the second -> records that both read."""
    causes: Counter[Cause] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    """Fate -> records that the second run did not read."""
    new: Counter[str] = field(default_factory=Counter)
    """Fate -> records that the first run did not read."""
    texts: int = 0
    """Records of the same fate whose row differs, as they were rewritten differently."""
    shifts: dict[str, Shift] = field(default_factory=dict)
    sensitive: set[str] = field(default_factory=set)
    """Steps of either run that are sensitive, or gave a sensitive hit."""
    few: dict[str, Few[Pair]] = field(default_factory=dict)
    """Kind of change -> some of the records."""

    @property
    def differs(self) -> bool:
        """Whether any record has another fate, text or score, or was read by one run only."""
        return bool(
            self.causes
            or self.gone
            or self.new
            or self.texts
            or any(shift.differs for shift in self.shifts.values())
        )

    def dump(self) -> dict[str, Any]:
        """Return it as JSON, without the examples."""
        fates = {fate: {to: self.fates[fate, to] for to in ledger.FATES} for fate in ledger.FATES}
        return {
            "differs": self.differs,
            "settings": list(self.settings),
            "matched": self.matched,
            "fates": fates,
            "changed": [
                {**cause._asdict(), "records": count} for cause, count in ordered(self.causes)
            ],
            "gone": dict(self.gone),
            "new": dict(self.new),
            "other_text": self.texts,
            "steps": [shift.dump() for shift in self.shifts.values()],
        }


def compare(one: Path, other: Path, examples: int) -> Compared:
    """Return what differs between two finished runs.

    Args:
        one: The first run directory.
        other: The second.
        examples: How many records of each kind of change to keep.

    Raises:
        InputError: one is no run directory, or its run is not finished.
        LedgerError: a ledger or a `run.json` is damaged.
    """
    first, second = _facts(one), _facts(other)
    names = {step["name"] for step in second["steps"]}
    shared = tuple(step["name"] for step in first["steps"] if step["name"] in names)
    called = _names(one, other)
    found = Compared(called, shared, tuple(differences(first, second, called)))
    found.shifts = {name: Shift(name) for name in shared}
    found.sensitive = declared_sensitive(first) | declared_sensitive(second)
    for pair in pairs(one, other):
        for kind in _count(found, pair):
            found.few.setdefault(kind, Few(examples)).offer(_digest(pair), pair)
    return found


def ordered(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """Return counts, the largest first; equal ones by name."""
    return sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))


def _facts(run: Path) -> dict[str, Any]:
    """Return what `run.json` says, after a look at all of it that is used."""
    facts = ledger.summary(run)
    try:
        Views(facts)
        list(differences(facts, facts, ("", "")))
        for step in facts["steps"]:
            step["name"]
    except (KeyError, TypeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        raise LedgerError(f"{run}: not what a run writes ({told}); see `curate verify`") from error
    return facts


def _names(one: Path, other: Path) -> tuple[str, str]:
    """Return the names as they were given, where they are short and tell the runs apart."""
    first, second = inline(str(one)), inline(str(other))
    if first == second or max(len(first), len(second)) > NAME:
        return "the first run", "the second run"
    return first, second


def _count(found: Compared, pair: Pair) -> Iterator[str]:
    """Count one record; yield the kinds of change it is an example of."""
    one, other = pair
    for each in pair:
        if each is not None:
            found.sensitive |= sensitive_steps(each)
    if one is None or other is None:
        if one is not None:
            found.gone[one.fate] += 1
            yield GONE
        elif other is not None:
            found.new[other.fate] += 1
            yield NEW
        return
    found.matched += 1
    found.fates[one.fate, other.fate] += 1
    if one.fate != other.fate:
        found.causes[Cause(one.fate, one.by, other.fate, other.by)] += 1
        yield f"{one.fate} -> {other.fate}"
    elif (one.written or one.digest) != (other.written or other.digest):
        found.texts += 1
        yield TEXT
    _shift(found, one, other)


def _shift(found: Compared, one: Entry, other: Entry) -> None:
    before = {look.step: look for look in one.trail}
    after = {look.step: look for look in other.trail}
    for name, shift in found.shifts.items():
        shift.add(before.get(name), after.get(name), one)


def _digest(pair: Pair) -> str:
    known = pair.one or pair.other
    return known.digest if known is not None else ""
