"""The outputs of a run as they are read: the lines of their files, joined and decompressed.

Everything that reads a run directory comes here. Of `run` only `/`, `open`, `exists`, `read_bytes`
and `iterdir` are used, so it need not lie on a local disk.
"""

import io
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from curate.errors import InputError, LedgerError
from curate.io.blocks import Compression, blocks
from curate.io.counted import Counted
from curate.ledger.layout import output_of
from curate.ledger.names import RUN


class _Watched(io.BytesIO):
    """A file whose bytes are counted as they are read."""

    def __init__(self, file: BinaryIO, counted: Counted) -> None:
        super().__init__()
        self._file, self._counted = file, counted

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(-1 if size is None else size)
        self._counted.add(data)
        return data


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


def opened(run: Path, name: str) -> BinaryIO:
    """Open the lines of an output, whatever files store it.

    Raises:
        LedgerError: a file of it is missing; or, when it is read, damaged.
    """
    files = stored(run, name)
    if files is None:
        return _open(run / name)
    for file in files:
        if not (run / file["name"]).exists():
            raise LedgerError(f"{run / file['name']}: No such file or directory{_SEE}")
    pieces = chain.from_iterable(content(run / file["name"]) for file in files)
    return joined(pieces)


def joined(pieces: Iterator[bytes]) -> BinaryIO:
    """Return pieces of any length as one file."""
    return io.BufferedReader(_Joined(pieces), 1 << 18)


def content(path: Path, stored: Counted | None = None) -> Iterator[bytes]:
    """Yield the rows that one file stores, decompressed, in pieces of any length.

    Args:
        path: The file.
        stored: Counts its bytes as they are stored.

    Raises:
        LedgerError: it is missing, or what it says is compressed is damaged or cut off.
    """
    with _open(path) as file:
        source = file if stored is None else _Watched(file, stored)
        try:
            yield from blocks(source, compression(path.name), str(path))
        except InputError as error:
            raise LedgerError(f"{error}{_SEE}") from None


def compression(file: str) -> Compression | None:
    """Return how a file of this name is compressed."""
    if file.endswith(".gz"):
        return "gz"
    return "zst" if file.endswith(".zst") else None


def stored(run: Path, name: str) -> list[Mapping[str, Any]] | None:
    """Return what `run.json` says of each file that stores an output; None where it is plain."""
    try:
        files = json.loads((run / RUN).read_bytes())["outputs"][name].get("files")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # who needs what it says reads it with `summary`, which tells what is wrong
    return files if _is_list_of_files(files, name) else None


def _is_list_of_files(files: Any, name: str) -> bool:
    return isinstance(files, list) and all(
        isinstance(file, dict) and output_of(str(file.get("name"))) == name for file in files
    )


def place(facts: Mapping[str, Any], name: str, line: int) -> str:
    """Return `FILE:LINE` of a line of an output, counted over all of its files from 1."""
    files = facts["outputs"].get(name, {}).get("files", ())
    for file in files:
        if line <= file["lines"]:
            return f"{file['name']}:{line}"
        line -= file["lines"]
    return f"{files[-1]['name'] if files else name}:{line}"


def names_left(run: Path) -> set[str]:
    """Return the names of all files in a folder that a run may have written its outputs to."""
    if not run.exists():
        return set()
    try:
        return {file.name for file in run.iterdir() if output_of(file.name)}
    except NotADirectoryError:
        return set()


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}{_SEE}") from None


_SEE = "; see `curate verify`"
