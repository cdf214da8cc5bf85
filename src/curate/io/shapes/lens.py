"""A shape is a lens over a row: it reads the turns, and puts a new response in their place."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes import content, transcript
from curate.records import Path, Turn, decode, dig


class Lens(ABC):
    """Where rows of one shape keep their turns.

    With `get` for the text of the last assistant turn, every shape keeps these laws, wherever
    `put` does not raise: `get(put(row, x)) == x`, `put(put(row, x), y) == put(row, y)`, and
    `put(row, get(row))` has the turns of `row`. It is equal to `row` as JSON unless the response
    was in several pieces (content parts, reasoning beside the answer): the new text takes the
    place of the answer, and the other pieces become empty.
    """

    name: str

    @abstractmethod
    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the turns in order; at least one.

        Raises:
            NotARecord: the row does not have this shape.
        """

    def put(self, raw: bytes, text: str) -> bytes:
        """Return the line with its response replaced by `text` and no other byte changed.

        Raises:
            Unreadable: the line is not UTF-8 JSON.
            NotARecord: the row has no response to replace, or `text` would be read back as
                something else from it (a speaker mark inside a transcript).
        """
        row = decode(raw)
        turn = self._response(row)
        new = splice.replace(raw, _edits(raw, dig(row, turn.path), turn, text))
        if self._response(decode(new)).text != text:
            raise NotARecord(
                f"the new text cannot stand in a {self.name} row: it reads back changed"
            )
        return new

    def _response(self, row: Any) -> Turn:
        if isinstance(row, dict):
            for turn in reversed(self.turns(row)):
                if turn.role == "assistant":
                    return turn
        raise NotARecord("no assistant turn to replace")


def filled(row: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """Return the first of `keys` that is not null in `row`.

    Raises:
        NotARecord: there is none.
    """
    for key in keys:
        if row.get(key) is not None:
            return key
    raise NotARecord(f"no {' or '.join(keys)}")


def _edits(raw: bytes, value: Any, turn: Turn, text: str) -> list[tuple[Path, bytes]]:
    if isinstance(value, str) and turn.start:
        start, end = splice.locate(raw, turn.path)
        return [(turn.path, transcript.put(raw[start:end], value, turn, text))]
    return [(turn.path + path, splice.encode(new)) for path, new in content.put(value, text)]
