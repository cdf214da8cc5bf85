"""Standard input, saved to a file, so that an interrupted run can read it again."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from curate.errors import ResumeError

NAME = "stdin.spool"
SEAL = "stdin.spool.sha256"
"""Holds the SHA-256 (hex) of the spool."""

_BLOCK = 1 << 20


def spool(stream: BinaryIO, folder: Path, *, fresh: bool = False) -> Path:
    """Return the file in `folder` that holds all bytes of `stream`.

    The file gets its name only when it is complete. One that is there already is used again if
    `stream` is empty, a terminal, or brings the same bytes; with `fresh` it is deleted first.

    Raises:
        ResumeError: `stream` brings other bytes than those saved before, or none although an
            earlier stream was cut off before all of it was saved.
    """
    complete = folder / NAME
    if fresh:
        for old in folder.glob(f"{NAME}*"):
            old.unlink()
    if complete.exists():
        if not stream.isatty():
            _refuse_other_bytes(stream, folder)
        return complete
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{NAME}.part"
    pieces = _pieces(stream)
    first = next(pieces, b"")
    if not first and part.exists():
        raise ResumeError(
            f"-: standard input is empty, and what came before was cut off before {complete} was "
            f"complete; send all of it again"
        )
    sha256 = _save(part, chain([first], pieces))
    _save(folder / SEAL, [sha256.encode("ascii")])
    part.replace(complete)
    return complete


def _save(path: Path, pieces: Iterable[bytes]) -> str:
    sha256 = hashlib.sha256()
    with open(path, "wb") as file:
        for piece in pieces:
            sha256.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return sha256.hexdigest()


def _refuse_other_bytes(stream: BinaryIO, folder: Path) -> None:
    sha256, size = hashlib.sha256(), 0
    for piece in _pieces(stream):
        sha256.update(piece)
        size += len(piece)
    if size and sha256.hexdigest() != (folder / SEAL).read_text(encoding="ascii"):
        raise ResumeError(
            f"-: standard input is not what {folder / NAME} holds, which the run in this folder "
            f"reads; send the same bytes or none, or give the run another folder"
        )


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_BLOCK):
        yield piece
