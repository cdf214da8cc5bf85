"""The outputs of a run as they are read: the lines of their files, joined and decompressed.

Everything that reads a run directory comes here. Of `run` only `/`, `open`, `exists`, `read_bytes`
and `iterdir` are used, so it need not lie on a local disk.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from curate.errors import InputError, LedgerError
from curate.io.blocks import Compression, blocks
from curate.io.counted import Counted, Watched
from curate.ledger.layout import output_of
from curate.ledger.names import RUN

Stored = Mapping[str, Sequence[Mapping[str, Any]]]
"""Output -> its files, each as `run.json` has it. An output that is one plain file is not in it."""


class _Joined(io.RawIOBase):
    """Blocks of bytes as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def opened(run: Path, name: str, stored: Stored | None = None) -> BinaryIO:
    """Open the lines of an output, whatever files store it.

    Args:
        run: The run directory.
        name: The output.
        stored: The files that store its outputs. Default: those that `run.json` names.

    Raises:
        LedgerError: a file of it is missing; or, when it is read, damaged.
    """
    paths = _paths(run, name, stored)
    if paths == [run / name]:
        return _open(run / name)
    return joined(chain.from_iterable(map(content, paths)))


def numbered(
    run: Path, name: str, stored: Stored | None = None
) -> Iterator[tuple[Path, int, bytes]]:
    """Yield the lines of an output, each with its file and its number there, from 1.

    Args: as of `opened`.

    Raises:
        LedgerError: a file of it is missing or damaged.
    """
    for path in _paths(run, name, stored):
        plain = compression(path.name) is None
        with _open(path) if plain else joined(content(path)) as lines:
            for number, line in enumerate(lines, 1):
                yield path, number, line


def joined(pieces: Iterator[bytes]) -> BinaryIO:
    """Return pieces of any length as one file."""
    return io.BufferedReader(_Joined(pieces), 1 << 18)


def content(path: Path, counted: Counted | None = None) -> Iterator[bytes]:
    """Yield the rows that one file stores, decompressed, in pieces of any length.

    Args:
        path: The file.
        counted: Counts its bytes as they are stored.

    Raises:
        LedgerError: it is missing, or what it says is compressed is damaged or cut off.
    """
    with _open(path) as file:
        source = file if counted is None else Watched(file, counted)
        try:
            yield from blocks(source, compression(path.name), str(path))
        except InputError as error:
            raise LedgerError(f"{error}{_SEE}") from None


def compression(file: str) -> Compression | None:
    """Return how a file of this name is compressed."""
    if file.endswith(".gz"):
        return "gz"
    return "zst" if file.endswith(".zst") else None


def stored(facts: Any) -> Stored:
    """Return the files that store outputs, from what `run.json` says.

    What it says wrong is left out: who needs it reads it with `summary`, which tells what is wrong.
    """
    try:
        named = {name: told["files"] for name, told in facts["outputs"].items() if "files" in told}
    except (KeyError, TypeError, AttributeError):
        return {}
    return {name: files for name, files in named.items() if _is_list_of_files(files, name)}


def read_stored(run: Path) -> Stored:
    """Return the files that store the outputs of a run; none where `run.json` cannot be read."""
    try:
        return stored(json.loads((run / RUN).read_bytes()))
    except (OSError, ValueError):
        return {}


def place(stored: Stored, name: str, line: int) -> str:
    """Return `FILE:LINE` of a line of an output, counted over all of its files from 1."""
    for file in stored.get(name, ()):
        if line <= file["lines"]:
            return f"{file['name']}:{line}"
        line -= file["lines"]
    return f"{last_file(stored, name)}:{line}"


def last_file(stored: Stored, name: str) -> str:
    """Return the name of the file with which an output ends."""
    files = stored.get(name)
    return files[-1]["name"] if files else name


def names_left(run: Path) -> set[str]:
    """Return the names of all files in a folder that a run may have written its outputs to."""
    if not run.exists():
        return set()
    try:
        return {file.name for file in run.iterdir() if output_of(file.name)}
    except NotADirectoryError:
        return set()


def _paths(run: Path, name: str, stored: Stored | None) -> list[Path]:
    files = (read_stored(run) if stored is None else stored).get(name)
    if files is None:
        return [run / name]
    paths = [run / file["name"] for file in files]
    for path in paths:
        if not path.exists():
            raise LedgerError(f"{path}: No such file or directory{_SEE}")
    return paths


def _is_list_of_files(files: Any, name: str) -> bool:
    return isinstance(files, list) and all(
        isinstance(file, dict) and output_of(str(file.get("name"))) == name for file in files
    )


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}{_SEE}") from None


_SEE = "; see `curate verify`"
