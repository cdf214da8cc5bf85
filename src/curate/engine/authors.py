"""Who wrote how much of a record."""

from collections import Counter
from collections.abc import Mapping

from curate.engine.parts import Characters
from curate.errors import NotARecord
from curate.records import Record

Authors = Mapping[int, str | None]
"""Turn -> the teacher that wrote it, where that is not the record's own."""


def characters(record: Record, teacher: str | None, authors: Authors | None = None) -> Characters:
    """Return how much of the assistant each teacher wrote; `teacher` where none is named."""
    counts: Counter[str | None] = Counter()
    try:
        for position, text in record.texts("assistant"):
            counts[(authors or {}).get(position, teacher)] += len(text)
    except NotARecord:
        pass
    return dict(counts)
