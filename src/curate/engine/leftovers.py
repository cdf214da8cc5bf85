"""Does what was taken out of a record's turns still stand in another part of its row?"""

from collections.abc import Iterable, Iterator
from typing import Any

from curate.records import Record


def stands_elsewhere(record: Record, texts: Iterable[str]) -> bool:
    """Say whether the row has one of the texts in a string that is no turn of the record.

    A preference pair may have the prompt in both answers, a row its text twice. What stands in a
    turn does not count: the filters have judged that.
    """
    strings = list(_strings(record.row))
    turns = [turn.text for turn in record.turns]
    return any(_count(text, strings) > _count(text, turns) for text in texts if text)


def _count(text: str, strings: Iterable[str]) -> int:
    return sum(string.count(text) for string in strings)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
