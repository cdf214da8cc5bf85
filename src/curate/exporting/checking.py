"""An output read back and held against the rows it was made of, row by row."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import orjson

from curate.errors import InputError, LedgerError
from curate.exporting.differences import Difference, differences, keys_twice
from curate.exporting.places import Place, shown
from curate.exporting.rows import Row
from curate.io.reading import Reader
from curate.io.sources import expand


@dataclass(slots=True)
class Found:
    """How often one difference was found, and where first."""

    count: int
    first: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An output that was read back."""

    rows: int
    differences: dict[Difference, Found]


def check(
    rows: Iterable[Row], written: Path, stored_as_json: Collection[Place] = frozenset()
) -> Checked:
    """Read an output back as an input of a run would be read.

    Args:
        rows: What was written.
        written: The file or folder.
        stored_as_json: The places of a table that hold JSON text.

    Raises:
        LedgerError: it has other rows, or cannot be read.
    """
    count, found = 0, dict[Difference, Found]()
    for row, line in zip_longest(rows, _lines(written)):
        if row is None or line is None:
            missing = "ends before" if line is None else "has more rows than"
            raise LedgerError(
                f"{written.name}: read back, it {missing} what was to be written, after row {count}"
            )
        count += 1
        for each in _differences(row, line, stored_as_json):
            known = found.setdefault(each, Found(0, row.place))
            known.count += 1
    return Checked(count, found)


def refuse_wrong(checked: Checked, name: str) -> None:
    """Refuse an output that says something else than its rows.

    Raises:
        LedgerError: a value is wrong, which nothing we write should be.
    """
    for each, found in checked.differences.items():
        if each.kind == "wrong":
            raise LedgerError(
                f"{name}: read back, {shown(each.place)} is not what {found.first} says "
                f"({found.count:,} such values); nothing was written. This is a bug of curate or "
                "of a library, or a broken disk"
            )


def _lines(written: Path) -> Iterator[bytes]:
    """Yield every line that stands in an output, without its terminator."""
    try:
        for segment in Reader(expand([str(written)])).segments():
            yield from segment.read().removesuffix(b"\n").split(b"\n")
    except InputError as error:
        raise LedgerError(f"what was written cannot be read back: {error}") from None


def _differences(row: Row, line: bytes, stored_as_json: Collection[Place]) -> Iterator[Difference]:
    if row.line == line and not stored_as_json:
        return
    before = row.value()
    yield from keys_twice(row.line)
    if not stored_as_json and _written(before, row.line) == line:
        return
    yield from differences(before, Row(row.place, line).value(), stored_as_json)


def _written(value: Any, line: bytes) -> bytes | None:
    """Return a row as a table's rows are written; None where orjson writes another value."""
    if b"NaN" in line or b"Infinity" in line:
        return None
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # numbers beyond 64 bits, halves of surrogate pairs
        return None
