"""What values were seen at every place of the rows, gathered in one pass over them.

Memory grows with the number of places, not of rows.
"""

import re
from typing import Any, Literal

Sort = Literal["null", "bool", "int", "float", "text", "half", "list", "object"]
"""What a value is; half: a text with half of a surrogate pair, which UTF-8 has no bytes for."""

WIDEST = 1000
"""Keys of an object that are fields; with more, they are data, and no more are taken in."""
_HALF = re.compile("[\ud800-\udfff]")


class Seen:
    """The values of one place.

    `low` and `high` are those of its whole numbers, `items` stands for the items of its lists and
    `fields` for the fields of its objects, in an order that fits the objects where there is one.
    """

    __slots__ = ("fields", "high", "items", "low", "sorts")

    def __init__(self) -> None:
        self.sorts: set[Sort] = set()
        self.low = self.high = 0
        self.items: Seen | None = None
        self.fields: dict[str, Seen] = {}

    def take(self, value: Any) -> None:
        """Take in a value that `json` or `orjson` decoded."""
        kind = type(value)
        if kind is str:
            self.sorts.add("text" if value.isascii() or not _HALF.search(value) else "half")
        elif kind is dict:
            self.sorts.add("object")
            self._take_fields(value)
        elif kind is list:
            self.sorts.add("list")
            self.items = self.items or Seen()
            for item in value:
                self.items.take(item)
        elif kind is int:
            self.sorts.add("int")
            self.low, self.high = min(self.low, value), max(self.high, value)
        else:
            self.sorts.add("null" if value is None else "bool" if kind is bool else "float")

    def _take_fields(self, value: dict[str, Any]) -> None:
        at = 0 if value.keys() & self.fields.keys() else len(self.fields)
        before = None
        for key, item in value.items():
            if len(self.fields) > WIDEST:
                return
            place = self.fields.get(key)
            if place is None:
                place = self._new_field(key, at if before is None else self._behind(before))
            place.take(item)
            before = key

    def _behind(self, name: str) -> int:
        return list(self.fields).index(name) + 1

    def _new_field(self, key: str, at: int) -> "Seen":
        """Put a field where its object has it: behind the one that stood before it there."""
        later = {name: self.fields.pop(name) for name in list(self.fields)[at:]}
        place = self.fields[key] = Seen()
        self.fields |= later
        return place
