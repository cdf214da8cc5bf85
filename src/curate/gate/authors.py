"""Who wrote a row, and whether it is a record at all."""

from typing import NamedTuple

from curate.errors import NotARecord
from curate.records import Record, Unreadable, View


class Author(NamedTuple):
    """The teacher of a kept row; None where it names nobody."""

    name: str | None
    is_record: bool = True


def author(raw: bytes, view: View, told: str | None) -> Author:
    """Return who wrote a row.

    Args:
        raw: The line.
        view: How it is read.
        told: Who wrote it according to the run, where the row has no place for it.
    """
    record = Record(raw.rstrip(b"\r\n"), 0, "", view, told)
    try:
        return Author(record.teacher, bool(record.turns))
    except (NotARecord, Unreadable):
        return Author(None, is_record=False)
