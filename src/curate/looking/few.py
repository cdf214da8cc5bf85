"""A few records out of many: those whose digest is smallest.

A digest is as good as a draw, so these are a fair sample, the same one every time; records that
are equal count once.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Few(Generic[T]):
    """Keeps what belongs to at most `size` different digests."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: dict[str, T] = {}
        self._largest = ""

    def offer(self, digest: str, item: T) -> None:
        """Keep the item if its digest is one of the few smallest so far."""
        if digest in self._items or (len(self._items) >= self._size and digest > self._largest):
            return
        self._items[digest] = item
        if len(self._items) > self._size:
            del self._items[max(self._items)]
        self._largest = max(self._items, default="")

    def items(self) -> list[T]:
        """Return what is kept, the smallest digest first."""
        return [self._items[digest] for digest in sorted(self._items)]
