"""An index, open for finding rollouts by prompt. It is only ever read."""

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from curate.errors import InputError
from curate.index.rollout import Rollout
from curate.index.stored import FORMAT, SELECT, Content, Facts, Stored, is_index

_MANY = 500
"""Keys in one query; SQLite before 3.32 allows 999."""
_AGAIN = "build it again: `curate index build`"


class Index:
    """The rollouts in a file.

    Raises:
        InputError: it cannot be read, is no index or one of another version, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_file(path)
        uri = path.absolute().as_uri() + "?mode=ro"
        self._db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            with self._told():
                self.facts = Facts.load(*self._db.execute("SELECT * FROM facts").fetchone())
        except InputError:
            self._db.close()
            raise
        self._teachers, self._files = list(self.facts.teachers), list(self.facts.files)
        self._sources = [name for name, _ in self.facts.sources]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def find(self, keys: Iterable[bytes]) -> dict[bytes, list[Rollout]]:
        """Return the rollouts of prompts by their normalised keys; what is not there is left out.

        They are in an order that depends on the content of the index alone.

        Raises:
            InputError: the file is damaged.
        """
        found: dict[bytes, list[Rollout]] = {}
        wanted = sorted(set(keys))
        with self._told():
            for at in range(0, len(wanted), _MANY):
                for row in self._rows(wanted[at : at + _MANY]):
                    found.setdefault(row[0], []).append(self._rollout(*row))
        return found

    def check(self) -> None:
        """Find all that is in the index by its keys, and hold it against the hash of its content.

        Raises:
            InputError: something in it is not what was written.
        """
        content = Content(self._teachers, self._sources, self._files)
        with self._told():
            keys = self._db.execute("SELECT key FROM prompts")
            while some := [key for (key,) in keys.fetchmany(_MANY)]:
                for row in self._rows(some):
                    content.add(Stored._make(row))
            if content.hexdigest() != self.facts.content:
                raise ValueError("its rows are not those it was built of")

    def _rows(self, keys: Sequence[bytes]) -> sqlite3.Cursor:
        """Return the rows of prompts, of at most `_MANY` keys, in the order of the index."""
        query = f"{SELECT} WHERE p.key IN ({','.join('?' * len(keys))}) ORDER BY p.key, r.number"
        return self._db.execute(query, keys)

    def _rollout(
        self,
        key: bytes,
        exact: bytes,
        digest: bytes,
        teacher: int,
        source: int,
        file: int,
        line: int,
        cut: int,
        text: bytes,
    ) -> Rollout:
        """Return what stands in a row of `Stored`."""
        return Rollout(
            key,
            exact,
            text.decode("utf-8", "surrogatepass"),
            self._teachers[teacher],
            self._sources[source],
            self._files[file],
            line,
            digest,
            cut == 1,
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say of whatever a damaged file makes fail which file it is."""
        try:
            yield
        except (
            sqlite3.Error, struct.error, ValueError, TypeError, KeyError, IndexError, AttributeError
        ) as error:  # fmt: skip
            raise InputError(f"{self.path}: the index is damaged: {error}; {_AGAIN}") from error


def _check_file(path: Path) -> None:
    """Check what stands in the head of the file, which tells more than SQLite would say."""
    try:
        if not is_index(path):
            raise InputError(f"{path}: is no index of rollouts; {_AGAIN}")
        with path.open("rb") as file:
            head = file.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if len(head) < 100:
        raise InputError(f"{path}: the index is damaged: its head was cut off; {_AGAIN}")
    (version,) = struct.unpack(">I", head[60:64])
    if version != FORMAT:
        raise InputError(
            f"{path}: is an index of format {version}, this version reads {FORMAT}; {_AGAIN}"
        )
    (page,), (pages,) = struct.unpack(">H", head[16:18]), struct.unpack(">I", head[28:32])
    if size != page * pages:
        raise InputError(
            f"{path}: the index is damaged: {size:,} bytes where it had {page * pages:,}; {_AGAIN}"
        )
