"""Building an index of corpora: a file that has its name only when it is complete."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from curate import corpora
from curate.errors import CurateError, InputError, UsageError, suggest
from curate.index.gathering import Gathered, rollouts
from curate.index.rollout import Rollout
from curate.index.stored import Facts, is_index
from curate.index.writing import Writer
from curate.io.reading import Reader
from curate.io.remote.urls import called
from curate.plan import Input

Progress = Callable[[int, float | None], None]
"""Called now and then with the rows read and the share of the files, 0 to 1."""

_EVERY = 2000
"""Rollouts between two calls of it."""


def build(
    arguments: Sequence[str],
    out: Path,
    settings: Input | None = None,
    teachers: Sequence[str] = (),
    *,
    force: bool = False,
    progress: Progress = lambda _rows, _share: None,
) -> Facts:
    """Build an index of the rollouts in corpora and return what it says about itself.

    Args:
        arguments: Paths or globs of the corpora.
        out: The file to write.
        settings: How rows are read; by default each file's shape is found by its first rows.
        teachers: Whose rollouts go in; none given: everybody's.
        force: Replace an index that is there.
        progress: Is told how far it is.

    Raises:
        InputError: a corpus cannot be read, or there is no rollout in them.
        UsageError: `out` exists or cannot be written, or a teacher wrote none of the rows.
    """
    settings, gathered = settings or Input(), Gathered()
    refuse(out, force=force)
    reader = corpora.reader(arguments, settings)
    found = _told(rollouts(reader, settings, teachers, gathered), gathered, reader, progress)
    with _beside(out) as part:
        with Writer(part) as writer:
            writer.stage(found)
            _refuse_nothing(gathered, teachers, ", ".join(map(called, arguments)))
            facts = writer.finish(gathered)
        refuse(out, force=force)
        part.replace(out)
    return facts


def refuse(out: Path, *, force: bool) -> None:
    """Refuse a place where no index can or should be written.

    Raises:
        UsageError: something is there that must not be replaced, or there is no such folder.
    """
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {str(out.parent)!r}")
    if not os.path.lexists(out):
        return
    if not force:
        raise UsageError(f"{out}: exists; choose another name, or replace it with --force")
    if not is_index(out):
        raise UsageError(f"{out}: is no index, so it is not replaced; choose another name")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Yield a place for the part of `out` that is written; what is left there is thrown away."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            yield Path(folder, "part")
    except (sqlite3.Error, OSError) as error:
        raise CurateError(
            f"{out}: cannot be built: {error}. It takes three times the space of the index, two "
            "thirds of it in $SQLITE_TMPDIR or $TMPDIR"
        ) from error


def _told(
    found: Iterable[Rollout], gathered: Gathered, reader: Reader, progress: Progress
) -> Iterator[Rollout]:
    for number, rollout in enumerate(found):
        if number % _EVERY == 0:
            progress(gathered.read, reader.fraction())
        yield rollout


def _refuse_nothing(gathered: Gathered, teachers: Sequence[str], named: str) -> None:
    """Refuse to make an index of nothing, or of nothing by one of the teachers that are wanted."""
    for teacher in teachers:
        if teacher not in gathered.teachers:
            near = suggest(teacher, gathered.teachers)
            raise UsageError(f"{named}: no response is by teacher {teacher!r}{near}")
    if gathered.rollouts:
        return
    why = ", ".join(f"{reason} {rows:,}" for reason, rows in gathered.left_out.most_common())
    why = f" ({why})" if why else ""
    remedy = ""
    if gathered.left_out["no_teacher"]:
        remedy = "; say who wrote them: `curate index build --teacher-is NAME`"
    raise InputError(f"{named}: nothing to index in {gathered.read:,} rows{why}{remedy}")
