"""A run directory, changed so that all its hashes still agree."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from curate.looking.verifying import Verified
from fake_runs import facts, write_facts


def told(found: Verified) -> str:
    """Return the problems as text."""
    return "\n".join(f"{place}: {what}" for place, what in found.problems.first)


def change(run: Path, name: str, edit: Callable[[list[bytes]], object]) -> None:
    """Edit the lines of an output and make `run.json` agree with its new hash."""
    path = run / name
    lines = path.read_bytes().splitlines(keepends=True)
    edit(lines)
    data = b"".join(lines)
    path.write_bytes(data)
    forged = facts(run)
    forged["outputs"][name] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "lines": data.count(b"\n"),
    }
    write_facts(run, forged)


def change_entry(run: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit the first entry of one id and make `run.json` agree with the ledger's new hash."""

    def rewrite(lines: list[bytes]) -> None:
        number = next(n for n, line in enumerate(lines) if json.loads(line)["id"] == name)
        entry = json.loads(lines[number])
        edit(entry)
        lines[number] = json.dumps(entry).encode() + b"\n"

    change(run, "ledger.jsonl", rewrite)


def change_facts(run: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit what `run.json` says."""
    forged = facts(run)
    edit(forged)
    write_facts(run, forged)
