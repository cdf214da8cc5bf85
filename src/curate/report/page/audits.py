"""Audits on the page: the verdict and its limits first, then all they measured."""

from collections.abc import Iterator, Sequence

from curate.audits.wording import Section
from curate.report.audits import tell
from curate.report.model import Audit
from curate.report.page.html import Html, element, table, trusted

_NUMERIC = frozenset("0123456789.,+-−±%<>[]() e:")


def audit(found: Audit, place: int) -> Html:
    """Return one audit."""
    told = tell(found)
    parts: list[Html] = [
        element("h3", f"{found.kind}: {told.question}"),
        element("div", element("p", element("strong", told.headline)), class_="notice plain"),
    ]
    if told.drawing:
        parts.append(element("figure", trusted(told.drawing)))
    first, *rest = told.sections
    parts += [element("p", line) for line in first.before[1:]]
    parts += _body(Section("", (), first.table, first.after), told.headline)
    for each in rest:
        parts.append(
            element("h4", "What this does not say" if each.title == "Mind" else each.title)
        )
        parts += _body(each, each.title)
    parts.append(element("p", f"From {found.file}.", class_="soft"))
    return element("section", *parts, id=f"audit-{place}", aria_label=f"audit {found.kind}")


def _body(section: Section, caption: str) -> Iterator[Html]:
    yield from _lines(section.before)
    if section.table:
        head, *rows = section.table
        yield table(caption, head, rows, numbers=_first_number(rows, len(head)))
    yield from _lines(section.after)


def _lines(lines: Sequence[str]) -> Iterator[Html]:
    """Yield sentences as paragraphs, and those that begin with a dash as one list."""
    items = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    yield from (element("p", line) for line in lines if not line.startswith("- "))
    if items:
        yield element("ul", *(element("li", item) for item in items))


def _first_number(rows: Sequence[Sequence[str]], columns: int) -> int:
    """Return from which column on every cell is a number, or nothing."""
    for column in range(columns, 0, -1):
        if column == 1 or not all(set(row[column - 1]) <= _NUMERIC for row in rows):
            return max(column, 1)
    return columns
