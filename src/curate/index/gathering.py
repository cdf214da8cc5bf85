"""Corpora read for their rollouts; what is no use to an index is left out and counted."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from curate.corpora import records
from curate.index.keys import Keys, keys_or_reason
from curate.index.rollout import Rollout
from curate.index.unspoken import follows
from curate.io.reading import Reader
from curate.plan import Input
from curate.records import Path, Record, dig

FINISH: tuple[Path, ...] = (
    ("finish_reason",),
    ("metadata", "finish_reason"),
    ("stop_reason",),
    ("metadata", "stop_reason"),
    ("choices", 0, "finish_reason"),
)
"""The usual places where a row says why its response ended; the first that answers counts."""
CUT_OFF = {"length", "max_tokens"}
"""What is said there of a response that hit a limit of its length."""


@dataclass
class Gathered:
    """What was read, counted as it is read."""

    read: int = 0
    """Lines that are not blank."""
    rollouts: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> rows."""
    teachers: Counter[str] = field(default_factory=Counter)
    """Every teacher that was met -> rows, those not wanted included."""


def rollouts(
    reader: Reader, settings: Input, teachers: Collection[str], gathered: Gathered
) -> Iterator[Rollout]:
    """Yield the rollouts of all files in order.

    Args:
        reader: What to read.
        settings: How its rows are read.
        teachers: Whose rollouts are wanted; none given: everybody's.
        gathered: Is brought up to date with every row.

    Raises:
        InputError: a file cannot be read.
    """
    for record in records(reader, settings):
        gathered.read += 1
        found = _rollout(record, teachers, gathered.teachers)
        if isinstance(found, str):
            gathered.left_out[found] += 1
        else:
            gathered.rollouts += 1
            yield found


def _rollout(record: Record, wanted: Collection[str], met: Counter[str]) -> Rollout | str:
    """Return the record's rollout, or why it has none to offer."""
    said = _said(record)
    if isinstance(said, str):
        return said
    prompt, text = said
    teacher = record.teacher
    if teacher is None:
        return "no_teacher"
    met[teacher] += 1
    if wanted and teacher not in wanted:
        return "other_teacher"
    return Rollout(
        key=prompt.normalised,
        exact=prompt.exact,
        text=text,
        teacher=teacher,
        source=record.source,
        file=record.file,
        line=record.line,
        digest=bytes.fromhex(record.digest),
        cut=_is_cut(record.row),
    )


def _said(record: Record) -> tuple[Keys, str] | str:
    """Return what was asked and answered, or why that cannot be said."""
    prompt = keys_or_reason(record)
    if isinstance(prompt, str):
        return prompt
    at = record.response_turn
    if at is None:
        return "no_response"
    text = record.turns[at].text
    if not text.strip():
        return "blank_response"
    if follows(record, [at]):
        return "goes_on"
    return "no_prompt" if prompt is None else (prompt, text)


def _is_cut(row: Any) -> bool:
    for path in FINISH:
        if path[0] in row and isinstance(said := dig(row, path), str) and said:
            return said.lower() in CUT_OFF
    return False
