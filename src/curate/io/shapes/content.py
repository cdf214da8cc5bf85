"""The text of a message: a string, null or a list of parts, perhaps with reasoning beside it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from curate.errors import NotARecord
from curate.io.shapes.dividing import divide
from curate.records import JOIN, Path

_WORDS = ("content", "value", "text", "parts")
"""Keys of a message that hold what was said."""
_PART_WORDS = ("text", "value", "thinking", "reasoning", "refusal")
BESIDE = ("reasoning_content", "reasoning", "thinking", "refusal")
"""Keys of a message, and types of a part, whose text stands beside the answer proper."""
CALLS = ("tool_call", "tool_use", "function_call")
RESULT = "tool_result"
"""Types of a part that is a turn of its own."""


class Piece(NamedTuple):
    """A string that belongs to the text of a message, and where it stands."""

    path: Path
    text: str
    beside: bool = False


def of_message(message: Mapping[str, Any], path: Path = ()) -> list[Piece]:
    """Return what makes up the text of the message at `path`: reasoning first, then what was said.

    Raises:
        NotARecord: the content is neither text, null nor parts.
    """
    beside = [
        Piece((*path, key), message[key], beside=True)
        for key in BESIDE
        if key in message and isinstance(message[key], str)
    ]
    for key in _WORDS:
        if key in message:
            return beside + of_content(message[key], (*path, key))
    return beside


def of_content(value: Any, path: Path = ()) -> list[Piece]:
    """Return what makes up the text of a message's content; null counts as an empty text.

    Parts without text (images) have no piece.

    Raises:
        NotARecord: it is neither text, null nor parts.
    """
    if value is None or isinstance(value, str):
        return [Piece(path, value or "")]
    if isinstance(value, list):
        return list(_of_parts(value, path))
    raise NotARecord("the content of a message is neither a text nor a list of parts")


def join(pieces: list[Piece]) -> str:
    """Return the pieces as one text, a blank line between those that are not empty."""
    return JOIN.join(piece.text for piece in pieces if piece.text)


def put(value: Any, text: str) -> list[tuple[Path, str]]:
    """Return the new string for every piece of a message or its content, to make its text `text`.

    The last piece of the answer proper takes it; the others become empty.

    Raises:
        NotARecord: nothing in `value` can hold a text.
    """
    pieces = _pieces(value)
    target = [piece for piece in pieces if not piece.beside] or pieces
    return [(piece.path, text if piece is target[-1] else "") for piece in pieces]


def edit(value: Any, text: str) -> list[tuple[Path, str]]:
    """Return the new string for every piece that changes when the text of `value` becomes `text`.

    The text is the old one, changed in places; every piece keeps its part of it.

    Raises:
        NotARecord: nothing in `value` can hold a text, or it cannot be told what belongs where.
    """
    pieces = [piece for piece in _pieces(value) if piece.text]
    if not pieces:
        return put(value, text)
    changed = zip(pieces, divide([piece.text for piece in pieces], text), strict=True)
    return [(piece.path, new) for piece, new in changed if new != piece.text]


def _pieces(value: Any) -> list[Piece]:
    pieces = of_message(value) if isinstance(value, dict) else of_content(value)
    if not pieces:
        raise NotARecord("the turn has no text to replace")
    return pieces


def _of_parts(parts: list[Any], path: Path) -> Iterator[Piece]:
    for number, part in enumerate(parts):
        if isinstance(part, str):
            yield Piece((*path, number), part)
            continue
        if not isinstance(part, dict):
            raise NotARecord("a part of a message is neither a text nor an object")
        kind = part.get("type")
        if kind in CALLS or kind == RESULT:
            continue
        for key in _PART_WORDS:
            if isinstance(part.get(key), str):
                yield Piece((*path, number, key), part[key], kind in BESIDE)
                break
