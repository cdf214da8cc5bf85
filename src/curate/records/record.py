"""One line, seen as a record."""

import json
from typing import Any

from curate.errors import NotARecord
from curate.records.comparing import digest, normalise
from curate.records.decoding import Path, decode, decode_slowly, dig, dig_first
from curate.records.turns import JOIN, Scope, Span, Turn, View


class Record:
    """A read-only view over one line.

    Args:
        raw: The line's bytes, without its terminator.
        line: 1-based physical line (in a JSON array: 1-based element).
        file: The input's name as the user gave it.
        view: How to read it.
        teacher: Who wrote the response of a row that does not say.
        origin: Digest of the line as it was read, where this one has taken its place.
    """

    __slots__ = (
        "_digest",
        "_named",
        "_origin",
        "_row",
        "_teacher",
        "_turns",
        "file",
        "line",
        "raw",
        "view",
    )

    def __init__(
        self,
        raw: bytes,
        line: int,
        file: str,
        view: View,
        teacher: str | None = None,
        origin: str | None = None,
    ) -> None:
        self.raw, self.line, self.file, self.view, self._teacher = raw, line, file, view, teacher
        self._row: Any = _UNREAD
        self._turns: tuple[Turn, ...] | None = None
        self._digest: str | None = None
        self._origin = origin
        self._named = False
        """Whether `_teacher` is the answer, and the row was asked."""

    @property
    def row(self) -> Any:
        """The decoded JSON value; for reading only.

        Raises:
            Unreadable: the line is not UTF-8 JSON.
        """
        if self._row is _UNREAD:
            self._row = decode(self.raw)
        return self._row

    @property
    def digest(self) -> str:
        """32 hex digits that identify the bytes of the line."""
        if self._digest is None:
            self._digest = digest(self.raw)
        return self._digest

    @property
    def origin(self) -> str:
        """Digest of the line as it was read; it stays when the record is rewritten."""
        return self._origin or self.digest

    @property
    def place(self) -> str:
        """`file:line`, for messages."""
        return f"{self.file}:{self.line}"

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns in order; at least one.

        Raises:
            NotARecord: the row has no turns in this shape.
        """
        if self._turns is None:
            row = self.row
            if not isinstance(row, dict):
                raise NotARecord(f"a JSON {_kind(row)} where an object was expected")
            self._turns = self.view.shape.turns(row)
        return self._turns

    @property
    def id(self) -> str:
        """The row's own id, or the digest of its line where it has none. Not necessarily unique."""
        row = self.row
        for path in self.view.id:
            value = dig_first(row, path)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, float):  # perhaps an integer that orjson could not hold
                value = dig(decode_slowly(self.raw), path)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
        return self.origin

    @property
    def teacher(self) -> str | None:
        """The model that wrote the response, after aliases; None where the row does not say."""
        if not self._named:
            name = self._field(self.view.teacher) or self._teacher or self.view.teacher_is
            self._teacher = None if name is None else self.view.canonical(name)
            self._named = True
        return self._teacher

    @property
    def teacher_place(self) -> Path | None:
        """Where in the row its teacher is named, or None."""
        return next((path for path in self.view.teacher if self._field((path,))), None)

    @property
    def source(self) -> str | None:
        """The data set or collection the row says it comes from."""
        return self._field(self.view.source)

    @property
    def response_turn(self) -> int | None:
        """Position of the last assistant turn, or None."""
        turns = self.turns
        for position in range(len(turns) - 1, -1, -1):
            if turns[position].role == "assistant":
                return position
        return None

    @property
    def response(self) -> str:
        """The text of the last assistant turn, or the empty text."""
        position = self.response_turn
        return "" if position is None else self.turns[position].text

    @property
    def prompt(self) -> str:
        """Everything before the last assistant turn, as one text."""
        return self.text("prompt")

    @property
    def prompt_key(self) -> str:
        """32 hex digits that are equal for equal prompts.

        The row's own prompt id where it has one; else a hash of roles and normalised texts
        before the last assistant turn.
        """
        declared = self._field(self.view.prompt_id)
        if declared is not None:
            return digest(b"id\0" + declared.encode("utf-8", "surrogatepass"))
        parts = [(turn.role, normalise(turn.text)) for turn in self._select("prompt")]
        return digest(json.dumps(parts).encode("ascii"))

    def texts(self, scope: Scope = "assistant") -> list[tuple[int, str]]:
        """Return (turn position, text) for every turn in `scope`."""
        turns = self.turns
        if scope == "conversation":
            return [(n, turn.text) for n, turn in enumerate(turns)]
        if scope in ("assistant", "system"):
            return [(n, turn.text) for n, turn in enumerate(turns) if turn.role == scope]
        last = self.response_turn
        if scope == "response":
            return [] if last is None else [(last, turns[last].text)]
        stop = len(turns) if last is None else last
        return [(n, turns[n].text) for n in range(stop) if turns[n].role != "rejected"]

    def text(self, scope: Scope = "assistant") -> str:
        """Return the turns in `scope` as one text, a blank line between them."""
        texts = self.texts(scope)
        return texts[0][1] if len(texts) == 1 else JOIN.join(text for _, text in texts)

    def locate(self, scope: Scope, start: int, end: int) -> list[Span]:
        """Map characters `start` to `end` of `text(scope)` back to spans of turns."""
        spans, at = [], 0
        for turn, text in self.texts(scope):
            low, high = max(start - at, 0), min(end - at, len(text))
            if low < high:
                spans.append(Span(turn, low, high))
            at += len(text) + len(JOIN)
        return spans

    def _select(self, scope: Scope) -> list[Turn]:
        return [self.turns[position] for position, _ in self.texts(scope)]

    def _field(self, paths: tuple[Path, ...]) -> str | None:
        row = self.row
        for path in paths:
            value = dig_first(row, path)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
        return None


_UNREAD: Any = object()


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
