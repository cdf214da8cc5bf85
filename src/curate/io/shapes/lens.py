"""A shape is a lens over a row: it reads the turns, and puts a new response in their place."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
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
        if not isinstance(row, dict):
            raise NotARecord("no assistant turn to replace")
        turns = self.turns(row)
        last = max((n for n, turn in enumerate(turns) if turn.role == "assistant"), default=None)
        if last is None:
            raise NotARecord("no assistant turn to replace")
        new = splice.replace(raw, self.edits(raw, row, turns, {last: text}))
        if [turn.text for turn in self.turns(decode(new)) if turn.role == "assistant"][-1:] != [
            text
        ]:
            raise self.changed()
        return new

    def edits(
        self, raw: bytes, row: Mapping[str, Any], turns: Sequence[Turn], texts: Mapping[int, str]
    ) -> list[tuple[Path, bytes]]:
        """Return what to splice into the line so that its turns have new texts.

        Args:
            raw: The line.
            row: The line, decoded.
            turns: Its turns.
            texts: Position of a turn -> its new text.

        Raises:
            NotARecord: a turn has no place for a text of its own.
        """
        return [
            edit
            for position, text in texts.items()
            for edit in _edits(raw, dig(row, turns[position].path), turns[position], text)
        ]

    def changed(self) -> NotARecord:
        """Return the error for a text that would be read back as something else."""
        return NotARecord(f"the new text cannot stand in a {self.name} row: it reads back changed")


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
