"""Elements of a page. Text is escaped wherever it is not known to be HTML already."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from html import escape

from curate.visible import visible

COLUMNS = 1000
"""More than any table has."""
_VOID = frozenset({"meta", "br"})


class Html(str):
    """Text that is HTML: made by this file, and by nothing else but `trusted`."""

    __slots__ = ()


def trusted(text: str) -> Html:
    """Return text that is HTML by its making: a drawing that escaped what it says."""
    return Html(text)


def element(tag: str, *children: str, **attributes: object) -> Html:
    """Return an element; children that are not `Html` are escaped, and attributes always.

    Args:
        tag: Its name.
        children: What stands in it.
        attributes: By name, `_` for `-` and `class_` for `class`; True for one without a value,
            None or False for none.
    """
    head = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{head}>")
    return Html(f"<{tag}{head}>{join(children)}</{tag}>")


def join(children: Iterable[str]) -> Html:
    """Return children one after another, escaped where they are not `Html`."""
    return Html("".join(each if isinstance(each, Html) else _text(each) for each in children))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Container[int] = range(1, COLUMNS),
    *,
    unseen: bool = False,
) -> Html:
    """Return a table that can be scrolled sideways, by keyboard too.

    Args:
        caption: What it shows.
        head: The head of each column.
        rows: The cells; the first one of a row is its head.
        numbers: Columns of numbers, which are set to the right.
        unseen: The caption is for readers that cannot see: a heading says it already.
    """
    heads = [
        element("th", cell, scope="col", class_="number" if n in numbers else None)
        if cell
        else element("td")
        for n, cell in enumerate(head)
    ]
    body = [element("tr", *_cells(row, numbers)) for row in rows]
    return scrolled(
        caption,
        element(
            "table",
            element("caption", element("span", caption, class_="unseen" if unseen else None)),
            element("thead", element("tr", *heads)),
            element("tbody", *body),
        ),
    )


def scrolled(name: str, inner: Html) -> Html:
    """Return something wide in a box that scrolls sideways."""
    return element("div", inner, class_="scrolled", tabindex=0, role="group", aria_label=name)


def folded(summary: str, *children: str, opened: bool = False) -> Html:
    """Return a part that can be opened and closed."""
    return element("details", element("summary", summary), *children, open=opened)


def _cells(row: Sequence[str], numbers: Container[int]) -> Iterable[Html]:
    yield element("th", row[0], scope="row") if row[0] else element("td")
    for n, cell in enumerate(row[1:], 1):
        yield element("td", cell, class_="number" if n in numbers else None)


def _attribute(name: str, value: object) -> str:
    name = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_text(str(value))}"'


def _text(text: str) -> str:
    return escape(visible(text))
