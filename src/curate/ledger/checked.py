"""The lines of an output, held against the hashes of the files they come from."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from curate.errors import LedgerError
from curate.io.counted import Counted
from curate.ledger.outputs import content, joined


def checked(run: Path, facts: Mapping[str, Any], name: str) -> Iterator[tuple[str, bytes]]:
    """Yield where each line of an output stands (`FILE:LINE`), and the line.

    Args:
        run: The run directory.
        facts: What its `run.json` says.
        name: The output.

    Raises:
        LedgerError: a file is missing or damaged, or, at its end, is not what the run wrote.
    """
    told = facts["outputs"][name]
    for file in told.get("files", [{"name": name, **told}]):
        path, counted, lines = run / file["name"], Counted(), 0
        with joined(content(path, counted)) as rows:
            for lines, line in enumerate(rows, 1):
                yield f"{path}:{lines}", line
        now = counted.facts()
        if (now["sha256"], now["bytes"], lines) != (file["sha256"], file["bytes"], file["lines"]):
            raise LedgerError(f"{path}: is not what the run wrote; see `curate verify {run}`")
