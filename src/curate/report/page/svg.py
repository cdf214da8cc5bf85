"""Inline SVG with a title and a description, for those who cannot see it."""

from collections.abc import Sequence
from hashlib import sha256

from curate.report.page.html import Html, element

WIDE = 720
"""Of a drawing as wide as the column."""


def drawing(
    title: str, told: str, wide: float, high: float, parts: Sequence[Html], *, small: bool = False
) -> Html:
    """Return a drawing; its title and description say all that it shows."""
    name = "d" + sha256(f"{title}\0{told}".encode("utf-8", "replace")).hexdigest()[:10]
    return element(
        "svg",
        element("title", title, id=f"{name}t"),
        element("desc", told, id=f"{name}d"),
        *parts,
        class_="small" if small else "drawing",
        role="img",
        aria_labelledby=f"{name}t {name}d",
        viewBox=f"0 0 {wide:.0f} {high:.0f}",
        width=f"{wide:.0f}",
        height=f"{high:.0f}",
    )


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
