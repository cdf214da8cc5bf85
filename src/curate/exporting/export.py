"""An export: look at all rows, write them, read them back; only then does the output get its name.

The rows are gone through three times, so memory does not grow with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import LedgerError, UsageError
from curate.exporting import deciding, differences
from curate.exporting.building import builder
from curate.exporting.checking import Checked, Found, check, refuse_wrong
from curate.exporting.differences import Difference
from curate.exporting.lines import write_lines
from curate.exporting.places import shown
from curate.exporting.rows import Row, Rows
from curate.exporting.seen import Seen
from curate.exporting.target import Target, complete
from curate.exporting.wording import changes
from curate.exporting.writing import WRITERS
from curate.io.tables.columns import columns

ROWS = 5000
BYTES = 16 << 20
"""A batch has so many rows at most, or the fewest that make so many bytes."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An output that is complete, and checked."""

    path: Path
    format: str
    rows: int
    bytes: int
    """On disk."""
    columns: dict[str, str]
    """Place -> Arrow type; empty for JSON lines."""
    differences: dict[Difference, Found]
    """What is different from the rows."""

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        found = [
            {
                "kind": each.kind,
                "path": shown(each.place),
                "values": told.count,
                "first": told.first,
            }
            for each, told in self.differences.items()
        ]
        return {
            "path": str(self.path),
            "format": self.format,
            "rows": self.rows,
            "bytes": self.bytes,
            "columns": self.columns,
            "differences": found,
        }


def export(rows: Rows, wanted: Target, *, allow_changes: bool = False) -> Exported:
    """Write rows, and return what was written.

    Raises:
        UsageError: a row cannot stand in a table, the table would change values, or something is
            in the way.
        LedgerError: what was written is not what it should be, or a run's rows are not what the
            run wrote.
        InputError: a file changed meanwhile.
    """
    with complete(wanted) as path:
        if wanted.format == "jsonl":
            told = dict[str, str]()
            write_lines(rows.each(), path)
            checked = check(rows.each(), path)
        else:
            schema = _schema(rows)
            told = {each.path: each.type for each in columns(schema)}
            written = _write(rows, path, wanted.format, schema)
            checked = check(rows.each(), path, deciding.json_places(schema))
            if checked.rows != written:
                raise LedgerError(
                    f"{wanted.path}: {checked.rows} rows where {written} were written"
                )
        refuse_wrong(checked, str(wanted.path))
        if not allow_changes:
            _refuse_changes(checked, wanted)
        size = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
    return Exported(wanted.path, wanted.format, checked.rows, size, told, checked.differences)


def _schema(rows: Rows) -> Any:
    seen = Seen()
    for row in rows.each():
        seen.take(row.value())
    if not seen.sorts:
        raise UsageError("there are no rows to export, so a table would have no columns")
    return deciding.schema(seen)


def _write(rows: Rows, path: Path, format_: str, schema: Any) -> int:
    build, count = builder(schema), 0
    with WRITERS[format_](path, schema) as write:
        for batch in _batches(rows.each()):
            write(build([row.value() for row in batch]))
            count += len(batch)
    return count


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


def _refuse_changes(checked: Checked, wanted: Target) -> None:
    found = {
        each: told
        for each, told in checked.differences.items()
        if each.kind not in differences.HARMLESS
    }
    if found:
        told = "".join(f"\n  {line}" for line in changes(found))
        raise UsageError(
            f"{wanted.path}: a table would change values, and was not written:{told}\n"
            "Say --allow-changes to have it all the same, or export to .jsonl, which changes "
            "nothing"
        )
