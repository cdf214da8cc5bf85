"""Windows: as many tokens as a model can read at once, each sharing some with the next."""

from collections.abc import Iterator
from typing import NamedTuple


class Window(NamedTuple):
    """Tokens `start` to `end` (half open) of text number `text`."""

    text: int
    start: int
    end: int


def windows(text: int, count: int, size: int, overlap: int) -> Iterator[Window]:
    """Yield the windows of a text of `count` tokens; one where it fits, none where it is empty.

    Args:
        text: The text's number.
        count: How many tokens it has, special ones left out.
        size: Tokens a window has at most.
        overlap: Tokens that neighbours share; less than `size`. The last window is as short as
            it comes out.
    """
    start = end = 0
    while end < count:
        end = min(start + size, count)
        yield Window(text, start, end)
        start = end - overlap
