"""Evaluation items: the texts that training data must not hold, read from files."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from curate import corpora
from curate.answers.hashing import sha256
from curate.errors import InputError, NotARecord, suggest
from curate.records import Record, Unreadable

EVERY = "*"
"""In a path, every element of a list."""
_ON_HUB = re.compile("hf://datasets/([^@?]+)")


class Item(NamedTuple):
    """One text of an evaluation, and where it stands."""

    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"

    @property
    def evaluation(self) -> str:
        """The file's name without its endings; of a data set of the hub its name."""
        if on_hub := _ON_HUB.match(self.file):
            return PurePath(on_hub[1]).name
        name = PurePath(self.file).name
        return name.partition(".")[0] or name


def hashes(arguments: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of every file by its name; of what is elsewhere, what identifies it.

    Raises:
        InputError: a file is missing or cannot be read.
    """
    sources = corpora.reader(arguments).sources
    return {
        each.name: sha256(each.path) if each.path else corpora.identity(each) for each in sources
    }


def items(
    arguments: Sequence[str], fields: Sequence[str], *, offline: bool = False
) -> Iterator[Item]:
    """Yield the items of all files, in the order of the files and their lines.

    Args:
        arguments: Paths, globs, or data sets of the hub at a commit.
        fields: Where a row keeps its texts, as dotted paths; none: in its user turns, or in all
            turns where there is no user.
        offline: Refuse what is read over the network.

    Raises:
        InputError: a file or a line cannot be read, or a row has no text there.
    """
    for record in corpora.records(corpora.reader(arguments, offline=offline)):
        for text in _named(record, fields) if fields else _asked(record):
            yield Item(text, record.file, record.line)


def _asked(record: Record) -> list[str]:
    try:
        turns = record.turns
    except NotARecord:
        told = f"(its keys: {_keys(record.row)}); name where it stands with `fields: [KEY, ...]`"
        raise InputError(f"{record.place}: where is the text of this row? {told}") from None
    except Unreadable as error:
        raise InputError(f"{record.place}: {error}") from None
    asked = [turn.text for turn in turns if turn.role == "user"]
    return asked or [turn.text for turn in turns]


def _named(record: Record, fields: Sequence[str]) -> Iterator[str]:
    try:
        row = record.row
    except Unreadable as error:
        raise InputError(f"{record.place}: {error}") from None
    found = [(field, value) for field in fields for value in _dig(row, field.split("."))]
    if not found:
        known = suggest(fields[0], row) if isinstance(row, dict) else ""
        raise InputError(
            f"{record.place}: the row has none of the fields {', '.join(fields)} "
            f"(its keys: {_keys(row)}){known}"
        )
    for field, value in found:
        if not isinstance(value, str):
            hint = f"; for its elements write {field}.{EVERY}" if isinstance(value, list) else ""
            raise InputError(f"{record.place}: {field} is {type(value).__name__}, no text{hint}")
        yield value


def _dig(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield what stands at a path: keys, positions in lists, `*` for all of a list."""
    if not path:
        if value is not None:
            yield value
        return
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        yield from _dig(value.get(step), rest)
    elif isinstance(value, list) and step == EVERY:
        for element in value:
            yield from _dig(element, rest)
    elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
        yield from _dig(value[int(step)], rest)


def _keys(row: Any) -> str:
    return ", ".join(map(repr, list(row)[:6])) if isinstance(row, dict) else "none, it is no object"
