"""The files of sharded or compressed outputs, each held against what `run.json` says of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curate.errors import InputError
from curate.io.blocks import blocks
from curate.io.counted import Counted, Watched
from curate.ledger import compression, names_left
from curate.looking.problems import Problems


def check_stored(run: Path, facts: Mapping[str, Any], problems: Problems) -> int:
    """Check every file that stores a part of an output; return the bytes of all.

    Files that are missing are problems, and so are files of outputs that `run.json` does not name.
    """
    size = 0
    files = [file for told in facts["outputs"].values() for file in told.get("files", ())]
    for file in files:
        size += _check(run / file["name"], file, problems)
    if files:
        for name in sorted(names_left(run) - {file["name"] for file in files}):
            problems.add(name, "is no file of this run: run.json does not name it")
    return size


def _check(path: Path, told: Mapping[str, Any], problems: Problems) -> int:
    """Read a file once, as it is stored and as the rows in it; return its bytes."""
    counted, lines = Counted(), 0
    try:
        with path.open("rb") as file:
            for piece in blocks(Watched(file, counted), compression(path.name), path.name):
                lines += piece.count(b"\n")
    except OSError as error:
        problems.add(path.name, f"cannot be read: {error.strerror}")
        return 0
    except InputError as error:
        problems.add(path.name, str(error).removeprefix(f"{path.name}: "))
        return counted.bytes
    now = counted.facts() | {"lines": lines}
    for what in ("bytes", "lines", "sha256"):
        if now[what] != told[what]:
            problems.add(path.name, f"{what} {now[what]}, run.json says {told[what]}")
    return counted.bytes
