"""Hashes of files that decide results."""

import hashlib
from functools import lru_cache
from pathlib import Path


def sha256(file: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes; a file that has not changed is read once.

    Raises:
        OSError: it is missing or cannot be read.
    """
    state = file.stat()
    return _sha256(file, state.st_size, state.st_mtime_ns)


@lru_cache
def _sha256(file: Path, _size: int, _changed: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
