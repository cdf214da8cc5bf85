"""Writing the file of an index: rollouts are staged, sorted on disk by prompt, and numbered.

Memory grows with the rollouts of one prompt and with the number of names, not with the corpora.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Self

from curate import __version__
from curate.errors import LedgerError
from curate.index.gathering import Gathered
from curate.index.rollout import Rollout
from curate.index.stored import APPLICATION, FORMAT, PAGE, SCHEMA, Content, Facts, Stored

_SORTED_IN_MEMORY = 64 << 10
"""KiB, before SQLite spills to its temporary files."""
_STAGED = """
CREATE TEMP TABLE staged (
    key BLOB, exact BLOB, digest BLOB, teacher INTEGER, source INTEGER, file INTEGER,
    line INTEGER, cut INTEGER, text BLOB
)
"""
_STAGE = "INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_STAGED_BY_PROMPT = "SELECT * FROM staged ORDER BY key"
_ADD_PROMPT = "INSERT INTO prompts VALUES (?, ?, ?)"
_ADD_ROLLOUT = "INSERT INTO rollouts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass
class _Tally:
    """What was written."""

    rows: int = 0
    prompts: int = 0
    identical: int = 0
    cut_off: int = 0
    teachers: Counter[int] = field(default_factory=Counter)
    sources: Counter[int] = field(default_factory=Counter)
    files: Counter[int] = field(default_factory=Counter)

    def add(self, row: Stored) -> None:
        self.rows += 1
        self.cut_off += row.cut
        self.teachers[row.teacher] += 1
        self.sources[row.source] += 1
        self.files[row.file] += 1


class Writer:
    """Writes one new index: `stage`, then `finish`, inside a `with` block.

    Raises:
        sqlite3.Error: the disk is full, or the place cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._teachers: dict[str, int] = {}
        self._sources: dict[str | None, int] = {}
        self._files: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._db = sqlite3.connect(self._path, isolation_level=None)
        for pragma in (
            f"page_size = {PAGE}",
            f"application_id = {APPLICATION}",
            f"user_version = {FORMAT}",
            f"cache_size = -{_SORTED_IN_MEMORY}",
            "journal_mode = OFF",  # what is cut short is thrown away, and `finish` syncs
            "synchronous = OFF",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)
        self._db.execute(_STAGED)
        self._db.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def stage(self, found: Iterable[Rollout]) -> None:
        """Take rollouts in any order."""
        self._db.executemany(_STAGE, map(self._stored, found))

    def finish(self, gathered: Gathered) -> Facts:
        """Write what was staged and return the facts about it, once it is on disk.

        Raises:
            LedgerError: some of the rows that were read are neither stored nor left out.
        """
        content = Content(self._teachers, self._sources, self._files)
        tally = self._write(content)
        facts = Facts(
            curate=__version__,
            content=content.hexdigest(),
            rows=tally.rows,
            prompts=tally.prompts,
            cut_off=tally.cut_off,
            teachers={name: tally.teachers[n] for name, n in self._teachers.items()},
            sources=[(name, tally.sources[n]) for name, n in self._sources.items()],
            files={name: tally.files[n] for name, n in self._files.items()},
            read=gathered.read,
            left_out=dict((gathered.left_out + Counter(identical=tally.identical)).most_common()),
        )
        self._balance(facts)
        self._complete(facts)
        return facts

    def _stored(self, one: Rollout) -> Stored:
        """Return the rollout with numbers for names, in the order in which they come."""
        return Stored(
            key=one.key,
            exact=one.exact,
            digest=one.digest,
            teacher=self._teachers.setdefault(one.teacher, len(self._teachers)),
            source=self._sources.setdefault(one.source, len(self._sources)),
            file=self._files.setdefault(one.file, len(self._files)),
            line=one.line,
            cut=one.cut,
            text=one.text.encode("utf-8", "surrogatepass"),
        )

    def _write(self, content: Content) -> _Tally:
        tally = _Tally()
        for key, rows, repeats in self._prompts(content):
            self._db.execute(_ADD_PROMPT, (key, tally.rows, len(rows)))
            tally.prompts += 1
            tally.identical += repeats
            for row in rows:
                self._db.execute(_ADD_ROLLOUT, (tally.rows, *row[1:]))
                content.add(row)
                tally.add(row)
        return tally

    def _prompts(self, content: Content) -> Iterator[tuple[bytes, list[Stored], int]]:
        """Yield every prompt with its different answers, in order, and how many were repeats."""
        staged = map(Stored._make, self._db.execute(_STAGED_BY_PROMPT))
        for key, group in groupby(staged, key=lambda row: row.key):
            rows = sorted(group, key=content.order)
            different = [next(same) for _, same in groupby(rows, key=content.answer)]
            yield key, different, len(rows) - len(different)

    def _balance(self, facts: Facts) -> None:
        (stored,) = self._db.execute("SELECT count(*) FROM rollouts").fetchone()
        (found,) = self._db.execute("SELECT sum(count) FROM prompts").fetchone()
        if not stored == found == facts.rows == facts.read - sum(facts.left_out.values()):
            raise LedgerError(
                f"the books do not balance: {facts.read} rows read, {stored} stored, {found} found "
                f"by their prompts, left out: {facts.left_out}"
            )

    def _complete(self, facts: Facts) -> None:
        self._db.execute("INSERT INTO facts VALUES (?, ?)", facts.dump())
        self._db.execute("COMMIT")
        self._db.close()
        with self._path.open("rb") as written:
            os.fsync(written.fileno())
