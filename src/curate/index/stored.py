"""The file of an index: an SQLite database that holds each prompt's rollouts side by side.

    prompts   key -> first, count       a prompt's rollouts are `count` rows from `first` on
    rollouts  number -> what one teacher answered, its names as positions in the lists of facts
    facts     what the index says about itself, as JSON, and the hash of that

Prompts are in the order of their keys, so a batch of them is read in one sweep through the file.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

APPLICATION = 0x63696478
"""SQLite's `application_id` of an index: `cidx`."""
FORMAT = 1
"""SQLite's `user_version` of an index; raise it when files are no longer read the same way."""
PAGE = 8192
"""Bytes: rows of 1.5 kB leave much of 4,096 empty, and of 16,384 more is read for nothing."""
SCHEMA = """
CREATE TABLE facts (value TEXT, sha256 TEXT);
CREATE TABLE prompts (key BLOB PRIMARY KEY, first INTEGER, count INTEGER) WITHOUT ROWID;
CREATE TABLE rollouts (
    number INTEGER PRIMARY KEY, exact BLOB, digest BLOB, teacher INTEGER, source INTEGER,
    file INTEGER, line INTEGER, cut INTEGER, text BLOB
);
"""
SELECT = """
SELECT p.key, r.exact, r.digest, r.teacher, r.source, r.file, r.line, r.cut, r.text
FROM prompts p CROSS JOIN rollouts r ON r.number BETWEEN p.first AND p.first + p.count - 1
"""
"""Rows of `Stored`. The cross join makes SQLite go through prompts first, in the order of keys."""


class Stored(NamedTuple):
    """A rollout as it is stored: names as numbers, the text as UTF-8 (lone surrogates allowed)."""

    key: bytes
    exact: bytes
    digest: bytes
    teacher: int
    source: int
    file: int
    line: int
    cut: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What an index says about itself. Names are in the order of their numbers."""

    curate: str
    """The version that built it."""
    content: str
    """SHA-256 (hex) of everything it can answer: see `Content`."""
    rows: int
    prompts: int
    cut_off: int
    teachers: Mapping[str, int]
    """Name -> rows."""
    sources: Sequence[tuple[str | None, int]]
    """Name (None: rows that name no source), rows."""
    files: Mapping[str, int]
    read: int
    """Rows that are not blank in the files it was built from."""
    left_out: Mapping[str, int]
    """Reason -> rows; `identical`: the same answer of the same teacher to the same prompt."""

    def dump(self) -> tuple[str, str]:
        """Return the facts as JSON in ASCII, and the SHA-256 (hex) of that."""
        text = json.dumps(asdict(self))
        return text, _sha256(text)

    @classmethod
    def load(cls, text: str, sha256: str) -> Self:
        """Return what `dump` wrote.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: it did not.
        """
        if _sha256(text) != sha256:
            raise ValueError("what it says about itself is not what was written")
        told: dict[str, Any] = json.loads(text)
        sources = [(name, rows) for name, rows in told.pop("sources")]
        return cls(sources=sources, **told)


class Content:
    """The order of an index's rows, and their hash: both by names, so no order of files matters.

    Args:
        teachers: Names by number, as are the others.
        sources: See there.
        files: See there.
    """

    def __init__(
        self, teachers: Iterable[str], sources: Iterable[str | None], files: Iterable[str]
    ) -> None:
        self._teachers, self._sources, self._files = map(_encoded, (teachers, sources, files))
        self._hash = hashlib.sha256(b"%d\n" % FORMAT)

    def answer(self, row: Stored) -> tuple[bytes, bytes, bytes]:
        """Return what is equal for the same answer of the same teacher to the same prompt."""
        return row.exact, self._teachers[row.teacher], row.text

    def order(self, row: Stored) -> tuple[object, ...]:
        """Return where the row stands among those of its prompt."""
        place = self._files[row.file], row.line
        return (*self.answer(row), row.cut, *place, self._sources[row.source], row.digest)

    def add(self, row: Stored) -> None:
        """Add the next row to the hash.

        Raises:
            struct.error, IndexError, TypeError: it is nothing an index holds.
        """
        head = _HEAD.pack(row.key, row.exact, row.digest, row.line, row.cut, len(row.text))
        teacher, source = self._teachers[row.teacher], self._sources[row.source]
        self._hash.update(b"".join((head, teacher, source, self._files[row.file], row.text)))

    def hexdigest(self) -> str:
        """Return the hash so far."""
        return self._hash.hexdigest()


def is_index(path: Path) -> bool:
    """Say whether a file says that it is an index, of this version or another.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(72)  # https://www.sqlite.org/fileformat.html, 1.3
    return head.startswith(b"SQLite format 3\0") and head[68:] == APPLICATION.to_bytes(4, "big")


_HEAD = struct.Struct(">16s16s16sQBQ")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _encoded(names: Iterable[str | None]) -> list[bytes]:
    r"""Return names as lines of JSON, which no other name begins with."""
    return [json.dumps(name).encode("ascii") + b"\n" for name in names]
