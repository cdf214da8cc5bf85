"""Who wrote the rows, before and after, and from which source they come."""

from collections.abc import Sequence

from curate.report.model import Report, Sum, Written
from curate.report.numbers import number, per_cent, teacher
from curate.report.page.html import COLUMNS, Html, element, folded, join, table
from curate.report.page.svg import bar, ornament

_SHOWN = 20
_WIDE = 160


def origins(report: Report) -> Html:
    """Return teachers and sources, by rows, and by characters where the run counted them."""
    parts = [
        _table("Rows by teacher; bars: read above, kept below", "teacher", report.teachers()),
        _table("Rows by source; bars: read above, kept below", "source", report.sources()),
    ]
    pairs = [
        [teacher(each.source), teacher(each.teacher), number(each.read), number(each.kept)]
        for each in report.shares
    ]
    head = ["source", "teacher", "read", "kept"]
    caption = "Rows by source and teacher"
    parts.append(
        folded("By source and teacher", table(caption, head, pairs, numbers=range(2, COLUMNS)))
    )
    if report.written:
        parts.append(_characters(report.written))
    return join(parts)


def _table(caption: str, what: str, rows: Sequence[Sum]) -> Html:
    read, kept = sum(each.read for each in rows), sum(each.kept for each in rows)
    largest = max((max(each.read, each.kept) for each in rows), default=1)
    cells = [
        [
            teacher(name),
            _two_bars(before, after, largest),
            number(before),
            per_cent(before, read),
            number(after),
            per_cent(after, kept),
        ]
        for name, before, after in rows[:_SHOWN]
    ]
    if len(rows) > _SHOWN:
        before = sum(each.read for each in rows[_SHOWN:])
        after = sum(each.kept for each in rows[_SHOWN:])
        more = f"{len(rows) - _SHOWN} more"
        shares = per_cent(before, read), per_cent(after, kept)
        cells.append([more, "", number(before), shares[0], number(after), shares[1]])
    return table(
        caption, [what, "bars", "read", "share", "kept", "share"], cells, numbers=range(2, COLUMNS)
    )


def _two_bars(read: int, kept: int, largest: int) -> Html:
    """Return thin bars: the rows that were read above those kept."""
    scale = _WIDE / max(largest, 1)
    parts = [
        bar("before", 0, 2, max(read * scale, 0.5), 5),
        bar("left", 0, 9, max(kept * scale, 0.5), 5),
    ]
    return ornament(_WIDE, 16, parts)


def _characters(written: Sequence[Written]) -> Html:
    read = sum(each.characters_read for each in written)
    kept = sum(each.characters_kept for each in written)
    rows = [
        [
            teacher(each.teacher),
            number(each.characters_read),
            per_cent(each.characters_read, read),
            number(each.characters_kept),
            per_cent(each.characters_kept, kept),
        ]
        for each in written
    ]
    caption = "Characters of answers by teacher, as this run rewrites"
    return element("div", table(caption, ["teacher", "read", "share", "kept", "share"], rows))
