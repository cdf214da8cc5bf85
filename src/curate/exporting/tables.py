"""Rows written as a table, and held against it."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curate.errors import LedgerError, UsageError
from curate.exporting import deciding
from curate.exporting.building import builder
from curate.exporting.checking import Checked, check, refuse_wrong
from curate.exporting.declared import Declared, stays_text, with_declared
from curate.exporting.rows import Row, Rows
from curate.exporting.seen import Seen
from curate.exporting.writing import WRITERS
from curate.extras import need
from curate.io.tables.columns import columns

ROWS = 5000
BYTES = 16 << 20
"""A batch has so many rows at most, or the fewest that make so many bytes."""


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written and read back."""

    columns: dict[str, str]
    """Place -> Arrow type."""
    checked: Checked
    note: str = ""


def write_table(rows: Rows, path: Path, format_: str, types: Declared | None) -> Written:
    """Write a table.

    Args:
        rows: What to write.
        path: Where; nothing is there yet.
        format_: One of `writing.WRITERS`.
        types: What columns shall be; None: what they were in the tables the rows come from, if they
            still can.

    Raises:
        UsageError: a row cannot stand in a table, or values do not fit `types`.
        LedgerError: the table has other rows than were written.
    """
    plain = _schema(rows)
    types_ = rows.types if types is None else types
    typed = with_declared(plain, types_)
    if typed == plain:
        return _telling(_written(rows, path, format_, plain), types_)
    try:
        written = _written(rows, path, format_, typed)
        refuse_wrong(written.checked, path.name)
    except (need("pyarrow", "datasets").ArrowException, LedgerError) as error:
        if types is not None:
            raise UsageError(f"the rows do not fit the schema: {error}") from None
        _remove(path)
        why = f"the columns have not the types of the tables read, which do not fit: {error}"
        written = _written(rows, path, format_, plain)
        return replace(written, note=why)
    return _telling(written, types_)


def _telling(written: Written, types: Declared) -> Written:
    """Add which columns are text now."""
    lost = [
        f"{place} ({kind})"
        for place, kind in types.items()
        if written.columns.get(place) == "string" and stays_text(kind)
    ]
    return (
        replace(written, note=f"text now, as JSON has it: {', '.join(lost)}") if lost else written
    )


def _schema(rows: Rows) -> Any:
    seen = Seen()
    for row in rows.each():
        seen.take(row.value())
    if not seen.sorts:
        raise UsageError("there are no rows to export, so a table would have no columns")
    return deciding.schema(seen)


def _written(rows: Rows, path: Path, format_: str, schema: Any) -> Written:
    build, count = builder(schema), 0
    with WRITERS[format_](path, schema) as write:
        for batch in _batches(rows.each()):
            write(build([row.value() for row in batch]))
            count += len(batch)
    checked = check(rows.each(), path, deciding.json_places(schema))
    if checked.rows != count:
        raise LedgerError(f"{path.name}: {checked.rows} rows where {count} were written")
    return Written({each.path: each.type for each in columns(schema)}, checked)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    held, size = list[Row](), 0
    for row in rows:
        held.append(row)
        size += len(row.line)
        if len(held) == ROWS or size >= BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held


def _remove(path: Path) -> None:
    """Remove what was begun; the data set of `datasets` may have left its rows, too."""
    shutil.rmtree(path, ignore_errors=True)
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
