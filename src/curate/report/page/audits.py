"""Audits on the page: the verdict first, then all they measured, and what it does not say."""

from collections.abc import Iterator, Sequence

from curate.audits.wording import Section
from curate.report.audits import LIMITS, tell
from curate.report.model import Audit
from curate.report.page.html import Html, element, table, trusted

_NUMERIC = frozenset("0123456789.,+-−±%<>[]() to")
"""All that stands in a cell with a number, or an interval such as `0.1 to 0.2`."""


def audit(found: Audit, place: int) -> Html:
    """Return one audit."""
    told = tell(found)
    parts: list[Html] = [
        element("h3", f"{found.kind}: {told.question}"),
        element(
            "div",
            element("p", element("strong", told.headline)),
            *_limits(told.limits),
            class_="notice plain",
        ),
    ]
    if told.drawing:
        parts.append(element("figure", trusted(told.drawing)))
    for each in told.sections:
        if each.title in LIMITS:
            continue  # they stand with the verdict
        if each.title:
            parts.append(element("h4", each.title))
        before = [line for line in each.before if line != told.headline]
        parts += _lines(before)
        if each.table:
            parts.append(_table(each, found.kind))
        parts += _lines(each.after)
    parts.append(element("p", f"From {found.file}.", class_="soft"))
    return element("section", *parts, id=f"audit-{place}", aria_label=f"audit {found.kind}")


def _limits(limits: Sequence[str]) -> Iterator[Html]:
    if limits:
        yield element("p", "To keep in mind:")
        yield element("ul", *(element("li", limit) for limit in limits))


def _table(section: Section, kind: str) -> Html:
    head, *rows = section.table
    numbers = {n for n in range(1, len(head)) if all(set(row[n]) <= _NUMERIC for row in rows)}
    return table(section.title or kind, head, rows, numbers, unseen=True)


def _lines(lines: Sequence[str]) -> Iterator[Html]:
    """Yield paragraphs, with the lines set in below them, and lines with dashes as a list."""
    paragraphs: list[list[str]] = []
    for line in lines:
        if line.startswith("  ") and paragraphs:
            paragraphs[-1] += [element("br"), line.strip()]
        elif not line.startswith("- "):
            paragraphs.append([line])
    yield from (element("p", *each) for each in paragraphs)
    if items := [line.removeprefix("- ") for line in lines if line.startswith("- ")]:
        yield element("ul", *(element("li", item) for item in items))
