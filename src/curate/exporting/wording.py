"""What an export says."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from curate.exporting.checking import Found
from curate.exporting.differences import Difference
from curate.exporting.places import shown

if TYPE_CHECKING:
    from curate.exporting.export import Exported

_SAID = {
    "null": "null where the key was missing",
    "order": "keys in another order",
    "number": "whole numbers became floats (1 is 1.0)",
    "json": "stored as JSON text, as no type holds all values",
    "twice": "a key stood twice in an object, and one of the two is lost",
}
SHOWN = 20
"""Places that are listed."""


def changes(found: Mapping[Difference, Found]) -> Iterator[str]:
    """Yield a line for each place where values differ."""
    for each, told in list(found.items())[:SHOWN]:
        place = shown(each.place) or "the row itself"
        yield f"{place}: {_SAID[each.kind]}: {told.count:,} (first {told.first})"
    if len(found) > SHOWN:
        yield f"… and {len(found) - SHOWN} more places"


def text(exported: "Exported", what: str) -> str:
    """Return what is said of an export that was done; `what` names the rows."""
    count, kind = f"{exported.rows:,}", f"{exported.format}, {exported.bytes:,} bytes"
    lines = [f"rows written {count} = {what} {count} -> {exported.path} ({kind})"]
    if exported.differences:
        lines.append("read back, every row is what it was, but for:")
        lines += [f"  {line}" for line in changes(exported.differences)]
    else:
        lines.append("read back, every row is what it was")
    if exported.note:
        lines.append(exported.note)
    return "\n".join(lines) + "\n"
