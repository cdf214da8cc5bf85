"""An exhibit: one record of a run, ready to be shown, with nothing in it that must not be seen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from curate.errors import NotARecord
from curate.ledger import Entry
from curate.looking.choosing import Line
from curate.looking.masking import Mask
from curate.records import Record, Turn, Unreadable, View
from curate.visible import escaped, visible

HELD = "the text is withheld: a step found more sensitive matches than it lists; --unmask shows it"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One record and what became of it. Texts are masked; they may still hold escape sequences."""

    entry: Entry
    turns: tuple[Turn, ...] = ()
    teacher: str | None = None
    source: str | None = None
    line: str = ""
    """The whole line, safe to print, where it has no turns."""
    column: int | None = None
    """Where in `line` it stops being readable, 0-based."""
    withheld: bool = False
    """The text must not be shown, and is not here."""

    def dump(self) -> dict[str, Any]:
        """Return the exhibit as JSON."""
        data = asdict(self.entry)
        data["trail"] = [look._asdict() for look in self.entry.trail]
        data |= {"teacher": self.teacher, "source": self.source}
        if self.withheld:
            return data | {"withheld": HELD}
        if self.turns:
            return data | {"turns": [{"role": turn.role, "text": turn.text} for turn in self.turns]}
        return data | {"raw": self.line}


def exhibit(line: Line, view: View, *, unmask: bool = False) -> Exhibit:
    """Return a record as it may be shown.

    Args:
        line: The entry and its row.
        view: How rows of its file are read.
        unmask: Show what steps marked as sensitive.
    """
    entry, row = line
    record = Record(row.removesuffix(b"\n").removesuffix(b"\r"), entry.line, entry.file, view)
    try:
        shown = Exhibit(entry, record.turns, record.teacher, record.source)
    except Unreadable as error:
        before = escaped(record.raw[: error.column - 1])
        after = escaped(record.raw[error.column - 1 :])
        shown = Exhibit(entry, line=before + after, column=len(before))
    except NotARecord:
        shown = Exhibit(entry, line=visible(record.raw.decode("utf-8", "backslashreplace")))
    return shown if unmask else _masked(shown)


def _masked(shown: Exhibit) -> Exhibit:
    mask = Mask(shown.entry.trail, shown.turns)
    trail = tuple(
        look._replace(reason=mask.text(look.reason), evidence=_hide(mask, look.evidence))
        for look in shown.entry.trail
    )
    entry = replace(
        shown.entry, id=mask.text(shown.entry.id), detail=mask.text(shown.entry.detail), trail=trail
    )
    if mask.withholds:
        return Exhibit(entry, teacher=shown.teacher, source=shown.source, withheld=True)
    turns = tuple(turn._replace(text=mask.turn(n, turn.text)) for n, turn in enumerate(shown.turns))
    return replace(shown, entry=entry, turns=turns)


def _hide(mask: Mask, evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {key: mask.value(value) for key, value in evidence.items()}
