"""What reading a table changed, or may have: told in `run.json` under its input."""

from collections.abc import Iterable, Mapping
from typing import Any

from curate.io.tables.columns import Column
from curate.io.tables.nulls import Nulls


class Report:
    """Gathers what is to be told of one table."""

    def __init__(self) -> None:
        self._columns: dict[Column, None] = {}
        self._nulls: dict[str, tuple[int, int]] = {}
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Take down a sentence."""
        self._notes.append(text)

    def columns(self, found: Iterable[Column]) -> None:
        """Take down the columns of a schema; a hub data set may have several, one after another."""
        self._columns |= dict.fromkeys(found)

    def nulls(self, found: Iterable[Nulls]) -> None:
        """Count the nulls of a batch."""
        for path, nulls, of in found:
            before = self._nulls.get(path, (0, 0))
            self._nulls[path] = before[0] + nulls, before[1] + of

    def dump(self) -> Mapping[str, Any]:
        """Return it as JSON."""
        return {
            "columns": self._types(),
            "converted": [
                {"path": each.path, "type": each.type, "said": each.said}
                for each in self._columns
                if each.said
            ],
            "nulls": [
                {"path": path, "nulls": nulls, "of": of}
                for path, (nulls, of) in self._nulls.items()
                if nulls
            ],
            "notes": self._notes,
        }

    def _types(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for each in self._columns:
            found[each.path] = (
                f"{found[each.path]} or {each.type}" if each.path in found else each.type
            )
        return found
