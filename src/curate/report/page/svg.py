"""Inline SVG with a title and a description, for those who cannot see it."""

from collections.abc import Sequence

from curate.report.page.html import Html, element

WIDE = 720
"""Of a drawing as wide as the column."""


def drawing(
    name: str, title: str, told: str, wide: float, high: float, parts: Sequence[Html]
) -> Html:
    """Return a drawing.

    Args:
        name: Its id on the page; no other has it.
        title: What it shows.
        told: All that it shows, in words.
        wide: Its width, in the unit of its parts.
        high: Its height.
        parts: What is drawn.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", told, id=f"{name}-told"),
        *parts,
        class_="drawing",
        role="img",
        aria_labelledby=f"{name}-title {name}-told",
        **_size(wide, high),
    )


def ornament(wide: float, high: float, parts: Sequence[Html]) -> Html:
    """Return a drawing of what is said beside it: who cannot see it misses nothing."""
    return element("svg", *parts, class_="small", aria_hidden="true", **_size(wide, high))


def words(x: float, y: float, text: str, anchor: str = "start", *, strong: bool = False) -> Html:
    """Return text in a drawing, its middle at height `y`."""
    kind = "strong" if strong else None
    return element("text", text, x=at(x), y=at(y), dy="0.35em", text_anchor=anchor, class_=kind)


def bar(kind: str, x: float, y: float, wide: float, high: float) -> Html:
    """Return a bar of a kind that the style knows."""
    return element("rect", class_=kind, x=at(x), y=at(y), width=at(wide), height=at(high))


def at(value: float) -> str:
    """Return a coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def _size(wide: float, high: float) -> dict[str, object]:
    width, height = f"{wide:.0f}", f"{high:.0f}"
    return {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
