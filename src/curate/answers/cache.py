"""Answers that survive runs, in one SQLite file that many processes may use at once.

Every answer is committed as it arrives: a killed process loses only those on their way. Errors
are never kept. Keys and values are text that anybody may read; nothing is pickled.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from curate.errors import CurateError, UsageError

FILE = "answers.sqlite"
FORMAT = 1
"""Raise it when the same key would now mean another answer; part of every key."""
WAIT = 60.0
"""Seconds to wait while another process writes."""
_MANY = 500
"""Keys in one query; SQLite before 3.32 allows 999."""

Value = Mapping[str, Any]
"""An answer as plain JSON."""


def key(question: Mapping[str, Any]) -> str:
    """Return the name of a question: the SHA-256 (hex) of its canonical JSON.

    `question` holds everything that decides the answer, and no secret.
    """
    whole = {"format": FORMAT, **question}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Cache:
    """The answers in a folder; may be used from any thread.

    Raises:
        UsageError: the folder cannot be written, or its file is something else.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._lock = threading.Lock()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # answers quote private rows
        except OSError as error:
            raise UsageError(f"{folder}: no place for a cache: {error.strerror}") from None
        with self._told():
            self._file = sqlite3.connect(
                self.path, timeout=WAIT, isolation_level=None, check_same_thread=False
            )
            self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was put stays."""
        with self._lock:
            self._file.close()

    def get(self, keys: Sequence[str]) -> dict[str, Value]:
        """Return the answers that are known, by key."""
        found: dict[str, Value] = {}
        for at in range(0, len(keys), _MANY):
            some = keys[at : at + _MANY]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, value FROM answers WHERE key IN ({marks})"  # noqa: S608
            with self._lock, self._told():
                rows = self._file.execute(query, some).fetchall()
            found |= {name: json.loads(value) for name, value in rows}
        return found

    def put(self, key: str, value: Value) -> Value:
        """Keep an answer and return the one that is kept: the first ever given counts."""
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        with self._lock, self._told():
            done = self._file.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (key, text))
        return value if done.rowcount else self.get([key])[key]

    def _begin(self) -> None:
        run = self._file.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")  # safe when killed; a power cut may cost the last ones
        (version,) = run("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise UsageError(
                f"{self.path}: written by another version of curate (format {version}, this one "
                f"reads {FORMAT}); choose another --cache"
            )
        run("CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        run(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what SQLite says, with the file's name."""
        try:
            yield
        except sqlite3.OperationalError as error:  # a full disk, a lock that is never released
            raise CurateError(f"{self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            told = f"{self.path}: {error}; delete it, or choose another --cache"
            raise UsageError(told) from error
