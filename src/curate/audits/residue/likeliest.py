"""The kept rows that read most like dropped ones, with what may be shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from curate import ledger
from curate.audits.rows import Conversation, Material, conversation
from curate.looking.exhibits import HELD, Exhibit, exhibit
from curate.looking.lines import Line, lines
from curate.looking.views import Views
from curate.records import Record, View


class Likely(BaseModel):
    """A kept row and how much it reads like a dropped one. Its text is masked unless asked for."""

    model_config = ConfigDict(frozen=True)

    likeness: float
    index: int
    """Its number in the run: `curate show RUN '#INDEX'`."""
    file: str
    line: int
    id: str
    text: str
    """What the assistant says last."""


def likeliest(
    run: Path, material: Material, likeness: Mapping[str, float], count: int, *, unmask: bool
) -> tuple[Likely, ...]:
    """Return the rows that read most like dropped ones, the likeliest first.

    Args:
        run: The run directory.
        material: Its rows.
        likeness: Row -> how much it reads like a dropped one, the likeliest first.
        count: How many.
        unmask: Show what steps marked as sensitive.
    """
    chosen = tuple(islice(likeness, count))
    wanted = {row.key: row.original for row in material.rows if row.key in chosen}
    names = {name for key in wanted for name in (key, key.rpartition("#")[0])}
    views = Views(ledger.summary(run))
    found: dict[str, Likely] = {}
    for line in lines(run):
        if line.entry.id in names and (key := _key(line, views.of(line), wanted)):
            del wanted[key]
            shown = exhibit(line, views.of(line), unmask=unmask)
            found[key] = _likely(shown, likeness[key])
    return tuple(found[key] for key in chosen)


def _key(line: Line, view: View, wanted: Mapping[str, Conversation]) -> str | None:
    """Return the key of a line's row, if it is wanted: ids need not be unique, so texts decide."""
    raw = (line.before or line.row).rstrip(b"\r\n")
    said = conversation(Record(raw, line.entry.line, line.entry.file, view))
    name = line.entry.id
    return next(
        (
            key
            for key, original in wanted.items()
            if original == said and (key == name or key.rpartition("#")[0] == name)
        ),
        None,
    )


def _likely(shown: Exhibit, likeness: float) -> Likely:
    said = [turn.text for turn in shown.turns if turn.role == "assistant"]
    entry = shown.entry
    return Likely(
        likeness=likeness,
        index=entry.index,
        file=entry.file,
        line=entry.line,
        id=entry.id,
        text=HELD if shown.withheld else said[-1],
    )
