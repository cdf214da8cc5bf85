"""Where the inputs of a run go when they are given back: to a stream, or to files of a folder."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from curate.errors import UsageError
from curate.io.sources import STDIN
from curate.looking.extents import Extent
from curate.looking.restoring import Restoration, Restored

_PACKED = re.compile(r"\.(gz|zst|zstd)$", re.IGNORECASE)
_TABLE = re.compile(r"\.(parquet|arrow|feather)$", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


def to_stream(run: Path, write: Callable[[bytes], object]) -> Restored:
    """Write the one input of a run.

    Raises:
        UsageError: the run has several.
        CurateError: see `Restoration`.
    """
    restoration = Restoration(run)
    if (count := len(restoration.extents)) != 1:
        raise UsageError(f"{run} has {count} inputs: name a folder for them with --out")
    return restoration.give(restoration.extents[0], write)


def to_folder(run: Path, out: Path) -> list[Restored]:
    """Write every input of a run to a file of its own; files get their names when all are right.

    Raises:
        UsageError: `out` is no folder or the run's own, or a file is there already.
        CurateError: see `Restoration`.
    """
    restoration = Restoration(run)
    names = iter(file_names([_file_name(each) for each in restoration.extents if each.read]))
    paths = [out / next(names) if each.read else None for each in restoration.extents]
    wanted = [path for path in paths if path]
    _refuse(run, out, wanted)
    restored = []
    with _beside(out) as folder:
        for extent, path in zip(restoration.extents, paths, strict=True):
            if path is None:
                restored.append(restoration.give(extent, lambda _: None))
                continue
            with (folder / path.name).open("xb") as file:
                restored.append(restoration.give(extent, file.write, path))
        _refuse(run, out, wanted)  # again: it took a while
        for path in wanted:
            (folder / path.name).rename(path)
    return restored


def _file_name(extent: Extent) -> str:
    """Return the name of an input; the rows of a table come back as JSON lines."""
    return f"{_TABLE.sub('', extent.name)}.jsonl" if extent.is_table else extent.name


def file_names(inputs: Sequence[str]) -> list[str]:
    """Return a file name for each input: its own, made safe, unpacked, and no two the same."""
    names: list[str] = []
    taken: set[str] = set()
    for name in inputs:
        own = "stdin.jsonl" if name == STDIN else PurePosixPath(name).name
        plain = _UNSAFE.sub("_", _PACKED.sub("", own)).strip()
        free = next(
            n
            for n in _numbered(plain if plain.strip(".") else "input.jsonl")
            if n.casefold() not in taken
        )
        taken.add(free.casefold())
        names.append(free)
    return names


def _numbered(name: str) -> Iterator[str]:
    """Yield `a.jsonl`, `a-2.jsonl`, `a-3.jsonl` and so on."""
    yield name
    path, number = PurePosixPath(name), 1
    while True:
        number += 1
        yield f"{path.stem}-{number}{path.suffix}"


def _refuse(run: Path, out: Path, paths: Sequence[Path]) -> None:
    if out.resolve() == run.resolve():
        raise UsageError(f"--out {out} is the run directory: choose another folder")
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out} must be a folder, and a file is in the way")
    for path in paths:
        if path.exists() or path.is_symlink():
            raise UsageError(f"{path} exists, and nothing is overwritten: choose another --out")


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """Yield a folder on the same disk for files that have no name yet."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=out) as folder:
        yield Path(folder)
