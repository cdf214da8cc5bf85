"""The top-level keys of rows: which are missing in some, and which hold now this, now that."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.surveying.names import LONGEST

_MOST = 500
"""Different keys of a file that are told apart."""
_TYPES = {str: "string", bool: "boolean", list: "array", dict: "object", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key, the rows that have it, and the JSON types of what they hold there."""

    name: str
    rows: int
    missing: int
    types: Mapping[str, int]
    """string, number, boolean, array, object or null -> rows."""


class Keys:
    """Counts the keys of rows that are objects."""

    def __init__(self) -> None:
        self.others = 0
        """Keys of rows beyond the first `_MOST` different ones."""
        self._objects = 0
        self._types: dict[str, Counter[str]] = {}

    def add(self, row: Any) -> None:
        """Count a row."""
        if not isinstance(row, dict):
            return
        self._objects += 1
        for key, value in row.items():
            name = key[:LONGEST]
            if name not in self._types:
                if len(self._types) >= _MOST:
                    self.others += 1
                    continue
                self._types[name] = Counter()
            self._types[name][_TYPES.get(type(value), "number")] += 1

    def uneven(self) -> tuple[Key, ...]:
        """Return the keys that are missing in some rows or hold several types, by name."""
        found = []
        for name, types in sorted(self._types.items()):
            missing = self._objects - types.total()
            if missing > 0 or len(types) > 1:
                found.append(Key(name, types.total(), missing, dict(types.most_common())))
        return tuple(found)
