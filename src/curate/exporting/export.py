"""An export: look at all rows, write them, read them back; only then does the output get its name.

The rows are gone through three times, so memory does not grow with them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import UsageError
from curate.exporting import differences
from curate.exporting.checking import Checked, Found, check, refuse_wrong
from curate.exporting.declared import Declared
from curate.exporting.differences import Difference
from curate.exporting.lines import write_lines
from curate.exporting.places import shown
from curate.exporting.rows import Rows
from curate.exporting.tables import write_table
from curate.exporting.target import Target, complete
from curate.exporting.wording import changes


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
    note: str = ""
    """What else is to be told."""

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
            "note": self.note,
        }


def export(
    rows: Rows, wanted: Target, *, allow_changes: bool = False, types: Declared | None = None
) -> Exported:
    """Write rows, and return what was written.

    Args:
        rows: What to write.
        wanted: Where, and as what.
        allow_changes: Write a table that changes values, too.
        types: What the columns of a table shall be; default: what they were in the tables that a
            run read, where the rows still fit.

    Raises:
        UsageError: a row cannot stand in a table, values do not fit `types`, the table would change
            values, or something is in the way.
        LedgerError: what was written is not what it should be, or a run's rows are not what the
            run wrote.
        InputError: a file changed meanwhile.
    """
    told, note = dict[str, str](), ""
    with complete(wanted) as path:
        if wanted.format == "jsonl":
            write_lines(rows.each(), path)
            checked = check(rows.each(), path)
        else:
            table = write_table(rows, path, wanted.format, types)
            told, note, checked = table.columns, table.note, table.checked
        refuse_wrong(checked, str(wanted.path))
        if not allow_changes:
            _refuse_changes(checked, wanted)
        size = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
    return Exported(wanted.path, wanted.format, checked.rows, size, told, checked.differences, note)


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
