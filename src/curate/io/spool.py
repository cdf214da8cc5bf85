"""Standard input, saved to a file, so that a run that is interrupted can read it again."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from curate.errors import ResumeError

NAME = "stdin.spool"
BLOCK = 1 << 20


def spool(stream: BinaryIO, folder: Path) -> Path:
    """Return the file in `folder` that holds all bytes of `stream`.

    The file has its name only once it is complete, with `stdin.spool.sha256` beside it. Where it
    is there already it is used again, if `stream` is empty, a terminal, or brings the same bytes.

    Raises:
        ResumeError: `stream` brings other bytes than the file that is there holds, or none while
            an earlier stream was cut off halfway.
    """
    spooled, part, seal = (folder / (NAME + suffix) for suffix in ("", ".part", ".sha256"))
    if spooled.exists():
        if not stream.isatty():
            _refuse_other_bytes(stream, spooled)
        return spooled
    folder.mkdir(parents=True, exist_ok=True)
    first = stream.read(BLOCK)
    if not first and part.exists() and part.stat().st_size:
        raise ResumeError(
            f"-: standard input is empty, but in {folder} it was cut off before all of it was "
            f"saved; pipe it in again, or start with --fresh"
        )
    sha256 = hashlib.sha256(first)
    with open(part, "wb") as file:
        file.write(first)
        for block in _rest(stream):
            file.write(block)
            sha256.update(block)
        ...
