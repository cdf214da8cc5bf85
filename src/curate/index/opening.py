"""An index by its path, or one made of the corpus that stands there."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from curate import __version__
from curate.answers import hashing
from curate.api import Context
from curate.errors import InputError, suggest
from curate.index.building import build
from curate.index.lookup import Index
from curate.index.stored import FORMAT, is_index
from curate.plan import Input

FOLDER = "indexes"
"""Where a cache keeps the indexes of corpora."""


@contextmanager
def opened(path: Path, ctx: Context) -> Iterator[Index]:
    """Open an index, or the index of a corpus, which is built where it is not in the cache.

    The corpus is read as the plan's `input:` says (`ctx.reading`).

    Of the processes that want the same one at the same time, one builds it and the others wait.
    What stands in the cache is read and checked, once in a process, and built anew where it is
    damaged. Where no cache can be written it is built for this block alone, in a temporary folder.

    Raises:
        InputError: there is no such file, it is damaged, or a corpus without rollouts.
    """
    if _is_index(path):
        with Index(path) as index:
            yield index
        return
    cached = None if ctx.cache is None else _cached(path, ctx.cache, _settings(ctx))
    if cached is not None:
        with Index(cached) as index:
            yield index
        return
    with tempfile.TemporaryDirectory(prefix="curate-index-") as folder:
        made = Path(folder, "index")
        build([str(path)], made, _settings(ctx))
        with Index(made) as index:
            yield index


def identity(path: Path) -> str:
    """Return the hash (hex) of what an index can answer, checked, or of a corpus's bytes.

    Raises:
        InputError: there is no such file, or it is damaged.
    """
    if not _is_index(path):
        return _sha256(path)
    with Index(path) as index:
        index.check()
        return index.facts.content


def _is_index(path: Path) -> bool:
    try:
        return is_index(path)
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder, where an index or a corpus is needed") from None
    except FileNotFoundError:
        names = os.listdir(path.parent) if path.parent.is_dir() else ()
        near = suggest(path.name, get_close_matches(path.name, names, n=1))
        raise InputError(f"{path}: no such file{near}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None


def _settings(ctx: Context) -> Input:
    """Return how rows are read: as the plan says, so that teachers go by the same names."""
    return Input.model_validate(ctx.reading)


def _cached(path: Path, cache: Path, settings: Input) -> Path | None:
    """Return the corpus's index in the cache, sound; None where nothing can be written there."""
    told = [FORMAT, __version__, str(path), _sha256(path), settings.model_dump(mode="json")]
    name = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:32]
    made = cache / FOLDER / f"{name}.index"
    if _is_sound(made):
        return made
    try:
        made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # rows may be private
        with _alone(made.with_suffix(".lock")):
            if not _is_sound(made):  # another may have been faster
                made.unlink(missing_ok=True)
                build([str(path)], made, settings, force=True)
    except OSError:
        return None
    return made


def _is_sound(made: Path) -> bool:
    """Say whether an index stands there and is what was written; one not changed is read once."""
    try:
        state = made.stat()
    except OSError:
        return False
    return _checks_out(made, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache
def _checks_out(made: Path, _file: int, _size: int, _changed: int) -> bool:
    try:
        with Index(made) as index:
            index.check()
    except InputError:
        return False
    return True


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process is in such a block with the same lock.

    On Windows nobody waits: each builds the same, and the last one's file stays.

    Raises:
        OSError: the lock cannot be written.
    """
    opened = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _sha256(path: Path) -> str:
    try:
        return hashing.sha256(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
