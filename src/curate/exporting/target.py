"""Where rows go: what kind of output a path names, and that nothing is lost by writing it."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import unquote, urlsplit

from curate.errors import UsageError
from curate.io.tables import folders

Format = Literal["parquet", "arrow", "dataset", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)
_ENDINGS: dict[str, Format] = {
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".jsonl.zst": "jsonl",
}


@dataclass(frozen=True, slots=True)
class Target:
    """An output that is to be written."""

    path: Path
    format: Format
    force: bool = False
    """What is there may be replaced."""

    @property
    def is_folder(self) -> bool:
        """Say whether it is a folder of files."""
        return self.format == "dataset"


def target(path: Path, format: Format | None, sources: Sequence[str], *, force: bool) -> Target:
    """Return what a path is to become.

    Args:
        path: A path as the user gave it.
        format: What it shall be; None: by its ending, a folder of `datasets` where it has none.
        sources: What is exported, folders and files; none of it may be written over.
        force: Replace what is there.

    Raises:
        UsageError: the ending is unknown, or something is in the way.
    """
    if format is None:
        format = _by_ending(path)
    wanted = Target(path, format, force)
    for source in map(_path, sources):
        read, written = source.resolve(), path.resolve()
        if written == read or (source.is_dir() and read in written.parents):
            raise UsageError(f"--to {path}: lies in what is exported: choose another path")
        if written in read.parents:
            raise UsageError(f"--to {path}: holds {source}, which is exported: choose another path")
    _refuse(wanted)
    return wanted


@contextmanager
def complete(wanted: Target) -> Iterator[Path]:
    """Yield a path beside the target; what was written there takes its name when all went well.

    Raises:
        UsageError: something came in the way meanwhile.
    """
    wanted.path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".exporting-", dir=wanted.path.parent) as folder:
        written = Path(folder) / wanted.path.name
        yield written
        _refuse(wanted)
        if wanted.path.is_dir():
            shutil.rmtree(wanted.path)
        os.replace(written, wanted.path)


def _path(source: str) -> Path:
    return Path(unquote(urlsplit(source).path) if source.startswith("file://") else source)


def _by_ending(path: Path) -> Format:
    for ending, format_ in _ENDINGS.items():
        if path.name.endswith(ending):
            return format_
    if not path.suffix:
        return "dataset"
    raise UsageError(
        f"--to {path}: no output ends in {path.suffix}; known: {', '.join(_ENDINGS)}, and a name "
        "without ending for a folder of `datasets`; or say --format"
    )


def _refuse(wanted: Target) -> None:
    path = wanted.path
    if not os.path.lexists(path):
        return
    if path.is_symlink():
        raise UsageError(f"--to {path}: is a link: name what it stands for, or another path")
    if path.is_dir():
        if not wanted.is_folder:
            raise UsageError(f"--to {path}: is a folder, and a file is to be written there")
        found = {file.name for file in path.iterdir()}
        if found and not wanted.force:
            raise UsageError(f"--to {path}: is not empty: choose another path, or say --force")
        if found and not _is_saved(path, found):
            raise UsageError(f"--to {path}: holds other files than a data set: choose another path")
    elif wanted.is_folder:
        raise UsageError(f"--to {path}: must be a folder, and a file is in the way")
    elif path.stat().st_size and not wanted.force:
        raise UsageError(f"--to {path}: exists: choose another path, or say --force")


def _is_saved(path: Path, names: set[str]) -> bool:
    """Say whether a folder holds a saved data set and nothing else."""
    others = names - {folders.STATE, folders.INFO}
    return (path / folders.STATE).is_file() and all(
        name.startswith("data-") and name.endswith(".arrow") for name in others
    )
