"""An exhibit: one record of a run, ready to be shown, with nothing in it that must not be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from curate.errors import LedgerError, NotARecord
from curate.ledger import Entry
from curate.looking.lines import Line
from curate.looking.masking import Mask
from curate.looking.rewrites import is_new
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
    before: tuple[Turn, ...] = ()
    """The turns as they were read, where the record was rewritten."""
    teacher_before: str | None = None
    line: str = ""
    """The whole line, safe to print, where it has no turns."""
    column: int | None = None
    """Where in `line` it stops being readable, 0-based."""
    withheld: bool = False
    """The text must not be shown, and is not here."""

    @property
    def changed(self) -> list[int]:
        """Positions of the turns that have a new text."""
        pairs = zip(self.before, self.turns, strict=False)
        return [n for n, (old, new) in enumerate(pairs) if old.text != new.text]

    def dump(self) -> dict[str, Any]:
        """Return the exhibit as JSON."""
        data = asdict(self.entry)
        data["trail"] = [look._asdict() for look in self.entry.trail]
        data |= {"teacher": self.teacher, "source": self.source}
        if self.withheld:
            return data | {"withheld": HELD}
        if self.before:
            data["before"] = {"teacher": self.teacher_before, "turns": _dumped(self.before)}
        if self.turns:
            return data | {"turns": _dumped(self.turns)}
        return data | {"raw": self.line}


def exhibit(line: Line, view: View, *, unmask: bool = False) -> Exhibit:
    """Return a record as it may be shown.

    Args:
        line: The entry and its row.
        view: How rows of its file are read.
        unmask: Show what steps marked as sensitive.
    """
    entry = line.entry
    record = _record(entry, line.row, view, _author(entry))
    before, teacher = _read(line, view)
    try:
        shown = Exhibit(entry, record.turns, record.teacher, record.source, before, teacher)
    except Unreadable as error:
        start = escaped(record.raw[: error.column - 1])
        rest = escaped(record.raw[error.column - 1 :])
        shown = Exhibit(entry, line=start + rest, column=len(start))
    except NotARecord:
        shown = Exhibit(entry, line=visible(record.raw.decode("utf-8", "backslashreplace")))
    return shown if unmask else _masked(shown)


def _record(entry: Entry, row: bytes, view: View, teacher: str | None = None) -> Record:
    raw = row.removesuffix(b"\n").removesuffix(b"\r")
    return Record(raw, entry.line, entry.file, view, teacher)


def _read(line: Line, view: View) -> tuple[tuple[Turn, ...], str | None]:
    """Return turns and teacher as they were read, where the record was rewritten."""
    if not line.before:
        return (), None
    record = _record(line.entry, line.before, view)
    try:
        return record.turns, record.teacher
    except (Unreadable, NotARecord) as error:
        what = f"the original of line #{line.entry.index} is damaged: {error}; see `curate verify`"
        raise LedgerError(what) from None


def _author(entry: Entry) -> str | None:
    """Return who wrote what was rewritten last, in case the row has no place for it."""
    told = [look.rewrite["teacher"]["to"] for look in entry.trail if is_new(look)]
    return told[-1] if told else None


def _masked(shown: Exhibit) -> Exhibit:
    mask = Mask(shown.entry.trail, shown.turns, shown.before)
    trail = tuple(
        look._replace(
            reason=mask.text(look.reason),
            evidence=_hide(mask, look.evidence),
            rewrite=_hide(mask, look.rewrite),
        )
        for look in shown.entry.trail
    )
    entry = replace(
        shown.entry, id=mask.text(shown.entry.id), detail=mask.text(shown.entry.detail), trail=trail
    )
    shown = replace(
        shown,
        entry=entry,
        teacher=_name(mask, shown.teacher),
        source=_name(mask, shown.source),
        teacher_before=_name(mask, shown.teacher_before),
    )
    if mask.withholds:
        return Exhibit(entry, teacher=shown.teacher, source=shown.source, withheld=True)
    turns = tuple(turn._replace(text=mask.turn(n, turn.text)) for n, turn in enumerate(shown.turns))
    before = tuple(
        turn._replace(text=mask.before(n, turn.text)) for n, turn in enumerate(shown.before)
    )
    return replace(shown, turns=turns, before=before)


def _name(mask: Mask, name: str | None) -> str | None:
    return None if name is None else mask.text(name)


def _hide(mask: Mask, evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {key: mask.value(value) for key, value in evidence.items()}


def _dumped(turns: Sequence[Turn]) -> list[dict[str, str]]:
    return [{"role": turn.role, "text": turn.text} for turn in turns]
