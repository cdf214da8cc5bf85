"""An index by its path, or one made of the corpus that stands there."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from curate import __version__
from curate.api import Context
from curate.errors import InputError, suggest
from curate.index.building import build
from curate.index.lookup import Index
from curate.index.stored import FORMAT, is_index

FOLDER = "indexes"
"""Where a cache keeps the indexes of corpora."""


@contextmanager
def opened(path: Path, ctx: Context) -> Iterator[Index]:
    """Open an index, or the index of a corpus, which is built where it is not in the cache.

    Of the processes that want the same one at the same time, one builds it and the others wait.
    Where no cache can be written it is built for this block alone, in a temporary folder.

    Raises:
        InputError: there is no such file, it is damaged, or a corpus without rollouts.
    """
    if _is_index(path):
        with Index(path) as index:
            yield index
        return
    cached = None if ctx.cache is None else _cached(path, ctx.cache)
    if cached is not None:
        with Index(cached) as index:
            yield index
        return
    with tempfile.TemporaryDirectory(prefix="curate-index-") as folder:
        made = Path(folder, "index")
        build([str(path)], made)
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


def _cached(path: Path, cache: Path) -> Path | None:
    """Return the corpus's index in the cache; None where nothing can be written there."""
    told = [FORMAT, __version__, str(path), _sha256(path)]
    name = hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()[:32]
    made = cache / FOLDER / f"{name}.index"
    if made.exists():
        return made
    try:
        made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # rows may be private
        lock = os.open(made.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        _wait_for(lock)
        if not made.exists():
            build([str(path)], made, force=True)  # another may have been faster after all
    finally:
        os.close(lock)
    return made


def _wait_for(lock: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: each builds the same, and the last one's file stays
        return
    fcntl.flock(lock, fcntl.LOCK_EX)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
