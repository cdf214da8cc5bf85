"""Places in rows: keys from the top, and `ITEMS` for the items of a list."""

from typing import Final

ITEMS: Final = None
Place = tuple[str | None, ...]


def shown(place: Place) -> str:
    """Return a place as text: `messages[].content`."""
    text = ""
    for step in place:
        text += "[]" if step is ITEMS else f".{step}"
    return text.removeprefix(".")
