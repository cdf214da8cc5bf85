"""The rows that are to be exported: those of a run's row file, or those of files."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from curate import ledger
from curate.errors import InputError, LedgerError, UsageError
from curate.exporting.declared import Declared, columns_of
from curate.io import sources
from curate.io.reading import Reader
from curate.io.remote.urls import called, is_web
from curate.ledger import LEDGER, PART, ROWS, RUN, Fate, names_left, output_of
from curate.ledger.places import directory
from curate.records import BLANK, Unreadable, decode

_LONG_NUMBER = re.compile(rb"\d{19}")


class Row(NamedTuple):
    """One line, without its terminator, and where it stands."""

    place: str
    """`file:line`."""
    line: bytes

    def value(self) -> dict[str, Any]:
        """Return the object it holds, with every digit of its numbers.

        Raises:
            UsageError: it is no JSON object.
        """
        try:
            value = json.loads(self.line) if _LONG_NUMBER.search(self.line) else decode(self.line)
        except (Unreadable, ValueError, RecursionError) as error:
            raise UsageError(
                f"{self.place}: {error}; a table cannot hold it: export to .jsonl"
            ) from None
        if not isinstance(value, dict):
            raise UsageError(
                f"{self.place}: no JSON object, and a table has nothing else: export to .jsonl"
            )
        return value


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that can be gone through several times and stay the same."""

    names: tuple[str, ...]
    """The run directories and files they come from."""
    each: Callable[[], Iterator[Row]]
    """Goes through all of them, in order; blank lines are none.

    Raises InputError or LedgerError where they are not what they were before.
    """
    runs: bool = False
    """All are those of runs."""
    types: Declared = field(default_factory=dict)
    """What the columns are in all tables that they were read from."""


def rows(arguments: Sequence[str], fate: Fate) -> Rows:
    """Return the rows that arguments name.

    Args:
        arguments: Run directories, and whatever `io.sources.expand` takes.
        fate: Which rows of a run are wanted.

    Raises:
        InputError: a run is not finished, a file cannot be read, or other rows than the kept ones
            are wanted of it.
    """
    if not arguments:
        raise InputError("nothing to export: name a run directory, or files")
    parts = [_part(argument, fate) for argument in arguments]

    def each() -> Iterator[Row]:
        for part in parts:
            yield from part.each()

    types = _in_all([part.types for part in parts])
    names = tuple(name for part in parts for name in part.names)
    return Rows(names, each, all(part.runs for part in parts), types)


def _part(argument: str, fate: Fate) -> Rows:
    if not is_web(argument) and _is_run(run := directory(argument)):
        return _of_run(run, fate)
    if fate != "kept":
        raise InputError(f"{called(argument)}: is no run directory, so none of its rows are {fate}")
    return _of_files([argument])


def _is_run(path: Path) -> bool:
    return (path / RUN).exists() or any(
        name.endswith(PART) and output_of(name) == LEDGER for name in names_left(path)
    )


def _of_run(run: Path, fate: Fate) -> Rows:
    facts, path = ledger.summary(run), run / ROWS[fate]

    def each() -> Iterator[Row]:
        count = 0
        for place, line in ledger.checked(run, facts, ROWS[fate]):
            count += 1
            yield Row(place, line.removesuffix(b"\n"))
        if count != facts["counts"][fate]:
            raise LedgerError(
                f"{path}: {count} rows where {facts['counts'][fate]} are {fate}; see "
                f"`curate verify {run}`"
            )

    tables = [told["table"]["columns"] for told in facts["inputs"] if "table" in told]
    return Rows((str(run),), each, runs=True, types=_in_all(tables))


def _in_all(tables: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the types that no table contradicts."""
    found = {path: kind for table in tables for path, kind in table.items()}
    return {
        path: kind
        for path, kind in found.items()
        if all(table.get(path, kind) == kind for table in tables)
    }


def _of_files(arguments: Sequence[str]) -> Rows:
    reader = Reader(sources.expand(arguments))
    before: list[str] = []

    def each() -> Iterator[Row]:
        for segment in reader.segments():
            for number, line in enumerate(segment.read().split(b"\n"), segment.line):
                if line.strip(BLANK):
                    yield Row(f"{segment.file}:{number}", line)
        now = [file.sha256 for file in reader.files]
        if before and now != before:
            raise InputError(f"{called(arguments[0])}: changed while it was exported; start again")
        before[:] = now

    tables = [each for each in reader.sources if each.is_table and each.format != "hub"]
    types = _in_all([columns_of(each) for each in tables])
    return Rows(tuple(source.name for source in reader.sources), each, types=types)
