"""Who wrote how much: the assistant's characters, by teacher."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from curate.errors import NotARecord
from curate.records import Record, Unreadable

Authors = Mapping[int, str | None]
"""Turn -> the teacher that wrote it, where that is not the record's own."""
Characters = Mapping[str | None, int]
"""Teacher -> characters of the assistant that it wrote."""
NOBODY = -1


@dataclass(slots=True)
class Written:
    """Who wrote how much of each record of a segment, as it was read."""

    names: list[str | None] = field(default_factory=list)
    author: "array[int]" = field(default_factory=lambda: array("h"))
    """Position in `names`, or NOBODY for a line that is no record."""
    size: "array[int]" = field(default_factory=lambda: array("Q"))
    """Characters."""


def written(records: Sequence[Record]) -> Written:
    """Return who wrote the records."""
    found, places = Written(), dict[str | None, int]()
    for record in records:
        try:
            turns = record.turns
        except (NotARecord, Unreadable):
            found.author.append(NOBODY)
            found.size.append(0)
            continue
        found.author.append(places.setdefault(record.teacher, len(places)))
        found.size.append(sum(len(turn.text) for turn in turns if turn.role == "assistant"))
    found.names = list(places)
    return found


def characters(record: Record, teacher: str | None, authors: Authors) -> Characters:
    """Return how much of a record each teacher wrote; `teacher` where `authors` names none."""
    counts: Counter[str | None] = Counter()
    for position, text in record.texts("assistant"):
        counts[authors.get(position, teacher)] += len(text)
    return dict(counts)
