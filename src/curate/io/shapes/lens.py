"""A shape is a lens over a row: it reads the turns, and says where new texts for them go."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes import content, transcript
from curate.io.splice import Edit
from curate.records import Path, Turn, dig


class Lens(ABC):
    """Where rows of one shape keep their turns.

    What is read and what `edits` changes are the same place: see `curate.io.replacing`.
    """

    name: str

    @abstractmethod
    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the turns in order; at least one.

        Raises:
            NotARecord: the row does not have this shape.
        """

    def edits(
        self,
        raw: bytes,
        row: Mapping[str, Any],
        turns: Sequence[Turn],
        texts: Mapping[int, str],
        fresh: bool,
    ) -> list[Edit]:
        """Return what to splice into the line so that its turns have new texts.

        Args:
            raw: The line.
            row: The line, decoded.
            turns: Its turns.
            texts: Position of a turn -> its new text.
            fresh: Whether the texts are other texts, and not the old ones changed in places. It
                matters where a text is in several pieces (content parts, reasoning beside the
                answer): the answer takes a fresh one and the other pieces become empty.

        Raises:
            NotARecord: a turn has no place for a text of its own.
        """
        found: list[Edit] = []
        transcripts: dict[Path, list[tuple[Turn, str]]] = {}
        for position, text in texts.items():
            turn = turns[position]
            value = dig(row, turn.path)
            if turn.start and isinstance(value, str):
                transcripts.setdefault(turn.path, []).append((turn, text))
                continue
            pieces = content.put(value, text) if fresh else content.edit(value, text)
            found += [(turn.path + path, splice.encode(new)) for path, new in pieces]
        for path, said in transcripts.items():
            start, end = splice.locate(raw, path)
            found.append((path, transcript.put(raw[start:end], dig(row, path), said)))
        return found

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
