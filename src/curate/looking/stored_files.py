"""The files of sharded or compressed outputs, each held against what `run.json` says of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curate.errors import LedgerError
from curate.io.counted import Counted
from curate.ledger import content, names_left
from curate.looking.hashed_lines import BLOCK
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
    counted = Counted()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                counted.add(block)
        lines = sum(piece.count(b"\n") for piece in content(path))
    except OSError as error:
        problems.add(path.name, f"cannot be read: {error.strerror}")
        return 0
    except LedgerError as error:
        problems.add(path.name, str(error))
        return counted.bytes
    now = counted.facts() | {"lines": lines}
    for what in ("bytes", "lines", "sha256"):
        if now[what] != told[what]:
            problems.add(path.name, f"{what} {now[what]}, run.json says {told[what]}")
    return counted.bytes
