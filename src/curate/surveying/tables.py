"""Numbers and tables as a terminal shows them."""

from collections.abc import Sequence

from curate.surveying.names import Counts

Table = Sequence[Sequence[str]]
"""Rows of cells; the first row is the head."""
Part = tuple[str, Sequence[str], Table, Sequence[str]]
"""A part of a report: a title, sentences, a table, sentences after it."""

MOST = 10
"""Names that a table shows; the JSON has them all."""


def numbers(rows: Table) -> Table:
    """Return the rows with every column but the first flush right; the first row is the head."""
    first, *columns = zip(*rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    right = [
        [cell.rjust(width) for cell in column]
        for column, width in zip(columns, widths, strict=True)
    ]
    return list(zip(first, *right, strict=True))


def counted(counts: Counts, what: str, whole: int) -> Table:
    """Return names with their rows and the share of `whole` rows, the most frequent first."""
    rows = [(what, "rows", "share")]
    rows += [(each.name, f"{each.rows:,}", share(each.rows, whole)) for each in counts.names[:MOST]]
    rest = sum(each.rows for each in counts.names[MOST:]) + counts.others
    if rest:
        rows.append((f"… {len(counts.names) - MOST:,} more", f"{rest:,}", share(rest, whole)))
    return numbers(rows)


def share(part: int, whole: int) -> str:
    """Return a share in per cent; what is there at all is not shown as nothing."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.1f} %" if percent >= 0.05 or not part else "<0.1 %"


def some(number: int, name: str) -> str:
    """Return a number with what it counts, in the plural where it is not one."""
    return f"{number:,} {name}{'s' * (number != 1)}"
