"""Folders that curate reads or writes: where they are, what is in them, do they take a file?"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; `files` and `bytes` in it where that was asked for, bytes `free` on its disk."""

    use: str
    path: Path
    exists: bool
    writable: bool
    free: int
    files: int | None = None
    bytes: int | None = None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "use": self.use,
            "path": str(self.path),
            "exists": self.exists,
            "writable": self.writable,
            "free": self.free,
            "files": self.files,
            "bytes": self.bytes,
        }


def folder(use: str, path: Path, *, measured: bool) -> Folder:
    """Look at a folder, or the nearest one above it that exists; `measured` sums its files up."""
    there = next(each for each in (path.absolute(), *path.absolute().parents) if each.is_dir())
    files, size = _size(path) if measured else (None, None)
    free = shutil.disk_usage(there).free
    return Folder(use, path.absolute(), path.is_dir(), _writable(there), free, files, size)


def hub(environment: Mapping[str, str]) -> Path:
    """Return where models and data sets of the hub are kept."""
    home = Path.home() / ".cache"
    named = environment.get("HF_HOME")
    return Path(named) if named else Path(environment.get("XDG_CACHE_HOME") or home) / "huggingface"


def _writable(path: Path) -> bool:
    """Say whether a file can be made here, by making one without a name."""
    try:
        with TemporaryFile(dir=path):
            return True
    except OSError:
        return False


def _size(path: Path) -> tuple[int, int]:
    """Return how many files are below a folder, and their bytes; links are counted as links."""
    files = size = 0
    for where, _, names in os.walk(path):
        for name in names:
            try:
                size += os.lstat(Path(where, name)).st_size
            except FileNotFoundError:  # gone since it was listed
                continue
            files += 1
    return files, size
