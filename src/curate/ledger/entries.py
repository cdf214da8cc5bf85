"""Entries and rows of a finished run, side by side."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from curate.errors import InputError, LedgerError
from curate.ledger.names import FORMAT, LEDGER, REPLACED, ROWS, RUN, STATE, Fate
from curate.ledger.outputs import Stored, last_file, numbered, opened, read_stored
from curate.records import Unreadable, decode

OTHERWISE = {"drop": "dropped", "keep": "kept", "flag": "flagged"}
"""What the plan's `otherwise` makes of a hit without a new text."""
OUTCOMES = ("rewritten", "dropped", "kept", "flagged")
"""What can become of a hit that a step rewrites."""
READER = "reader"
"""Who quarantined a line that no step saw."""


class Look(NamedTuple):
    """What one step saw in one record, and what came of rewriting it.

    `rewrite` is empty where the step does not rewrite or did not hit. Else `outcome` is
    `rewritten`, or, with a `reason`, what the plan says instead: `dropped`, `kept` or `flagged`;
    `use` and `version` name the rewriter, `tries` counts its proposals, `refused` says by slug why
    some were not taken. Of a rewritten record, `digest` and `teacher` say `from` and `to`, `turns`
    which turns are new, `again` what each step said of the new text, `evidence` what the rewriter
    says about where it comes from.
    """

    step: str
    score: float | None
    hit: bool
    reason: str = ""
    evidence: Mapping[str, Any] = {}
    rewrite: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one input line.

    `index` counts all lines of the run from 0 (blank ones too, which have no entry), `line` those
    of the file from 1. `digest` is that of the line as it was read, `written` that of its row where
    the record was rewritten. `by` names the step that dropped or quarantined the record (or
    `reader`); `reason` and `detail` say why it was quarantined.
    """

    index: int
    file: str
    line: int
    id: str
    digest: str
    fate: Fate
    trail: tuple[Look, ...]
    by: str = ""
    reason: str = ""
    detail: str = ""
    written: str = ""


def entry(line: bytes) -> Entry:
    """Return the entry that one line of the ledger holds."""
    data = decode(line)
    trail = tuple(Look(**look) for look in data.pop("trail"))
    return Entry(trail=trail, **data)


def summary(run: Path) -> dict[str, Any]:
    """Return `run.json` of a finished run.

    Raises:
        InputError: the folder is no run directory, or its run is not finished.
    """
    try:
        facts: dict[str, Any] = json.loads((run / RUN).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if (run / STATE).exists():
            raise InputError(
                f"{run}: the run is not finished; start the same `curate run` again to resume it"
            ) from None
        raise InputError(f"{run}: not a run directory (it has no {RUN})") from None
    except ValueError as error:
        raise LedgerError(f"{run / RUN}: damaged: {error}") from None
    if not isinstance(facts, dict) or "format" not in facts:
        raise LedgerError(f"{run / RUN}: damaged: not what a run writes")
    if facts["format"] != FORMAT:
        raise InputError(f"{run / RUN}: format {facts['format']!r}, this curate reads {FORMAT}")
    return facts


def entries(run: Path, stored: Stored | None = None) -> Iterator[Entry]:
    """Yield the ledger's entries in input order.

    Args:
        run: The run directory.
        stored: The files that store its outputs. Default: those that `run.json` names.

    Raises:
        LedgerError: the ledger is missing, or a line of it is damaged.
    """
    for path, number, line in numbered(run, LEDGER, stored):
        try:
            yield entry(line)
        except (Unreadable, TypeError, KeyError, AttributeError) as error:
            place = f"{path}:{number}"
            raise LedgerError(f"{place}: damaged ({error}); see `curate verify`") from None


def rows(run: Path, stored: Stored | None = None) -> Iterator[tuple[Entry, bytes]]:
    """Yield every entry with its line as it now stands in its row file, terminator included.

    Args: as of `entries`.

    Raises:
        LedgerError: a row file is missing or ends before the ledger does; see also `entries`.
    """
    stored = read_stored(run) if stored is None else stored
    with ExitStack() as stack:
        files = {
            fate: stack.enter_context(opened(run, name, stored)) for fate, name in ROWS.items()
        }
        for item in entries(run, stored):
            row = files[item.fate].readline()
            if not row:
                path = run / last_file(stored, ROWS[item.fate])
                raise LedgerError(f"{path}: ends before the ledger's line {item.index}")
            yield item, row


def originals(run: Path) -> Iterator[tuple[Entry | None, bytes]]:
    """Yield every line of the inputs as it was read, with its entry; None for a blank line.

    A last line without a terminator has one here; blank lines after the last entry come last.

    Raises:
        LedgerError: a row file is missing or ends before the ledger does; see also `entries`.
    """
    index, stored = 0, read_stored(run)
    path = run / last_file(stored, REPLACED)
    with opened(run, REPLACED, stored) as replaced:
        for item, row in rows(run, stored):
            for _ in range(item.index - index):
                yield None, _original(replaced, path)
            index = item.index + 1
            yield item, _original(replaced, path) if item.written else row
        for line in replaced:
            yield None, line


def _original(replaced: BinaryIO, path: Path) -> bytes:
    line = replaced.readline()
    if not line:
        raise LedgerError(f"{path}: ends before the ledger does; see `curate verify`")
    return line
