"""One line of a corpus, seen as a record.

The raw bytes are the truth and are never changed. A `Record` is a view: it decodes on first touch
and asks a `Shape` (see `curate.io.shapes`) where the turns are. Two parsers read a line: orjson,
and the standard library for what orjson refuses but users have (NaN, lone surrogates). What the
view shows is for reading only: orjson turns integers over 2**64 into floats, so nothing that is
written out is ever re-encoded from it.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, get_args

import orjson

from curate.errors import CurateError, NotARecord

Scope = Literal["conversation", "assistant", "response", "prompt", "system"]
"""Which text of a record a filter reads.

`assistant` (the default) is every assistant turn, `response` the last one, `prompt` what stands
before it, `system` the system turns, `conversation` everything: tool calls, tool results and the
rejected answer of a preference pair included.
"""
SCOPES: tuple[Scope, ...] = get_args(Scope)

Path = tuple[str | int, ...]
"""Where a value sits in a row: keys and list positions from the top."""

BLANK = b" \t\r\n"
"""What JSON calls white space; a line of nothing else is a blank line."""

JOIN = "\n\n"
"""What stands between turns when a scope is read as one text."""


class Unreadable(CurateError):  # noqa: N818  (a state of the line)
    """The line is not UTF-8 JSON. `reason` is a stable slug, `column` a 1-based byte position."""

    def __init__(self, reason: str, column: int, detail: str) -> None:
        super().__init__(reason, column, detail)
        self.reason, self.column, self.detail = reason, column, detail

    def __str__(self) -> str:
        return self.detail


class Turn(NamedTuple):
    """One utterance.

    `role` is `system`, `user`, `assistant`, `tool` (a tool's result), `tool_call` (what the
    assistant asked of a tool: its name and arguments as text) or `rejected` (the answer a
    preference pair prefers less). `path` leads to the JSON value that holds the text, and the
    text starts `start` characters into it.
    """

    role: str
    text: str
    path: Path = ()
    start: int = 0


class Span(NamedTuple):
    """Characters `start` to `end` (half open) of turn number `turn`."""

    turn: int
    start: int
    end: int


class Shape(Protocol):
    """Where a row keeps its turns. Implementations: `curate.io.shapes`."""

    name: str

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the turns in order.

        Raises:
            NotARecord: the row does not have this shape.
        """


@dataclass(frozen=True, slots=True)
class View:
    """How to read the rows of one input: its shape and where identity fields are."""

    shape: Shape
    teacher: tuple[Path, ...] = ()
    id: tuple[Path, ...] = ()
    source: tuple[Path, ...] = ()
    prompt_id: tuple[Path, ...] = ()
    teacher_is: str | None = None
    """The teacher of every row that names none itself."""
    aliases: Mapping[str, str] | None = None
    """Teacher name as written -> canonical name."""

    def canonical(self, teacher: str) -> str:
        """Return the one name of a teacher that goes by several."""
        return teacher if self.aliases is None else self.aliases.get(teacher, teacher)


def decode(raw: bytes) -> Any:
    """Return the JSON value of one line.

    NaN and infinities, lone surrogate escapes and integers of up to 4,300 digits are readable.

    Raises:
        Unreadable: the line is not UTF-8, not JSON, or nested beyond what a parser can follow.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _decode_slowly(raw)


def _decode_slowly(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8", error.start + 1, f"not UTF-8: {error.reason}") from None
    except json.JSONDecodeError as error:
        column = len(error.doc[: error.pos].encode("utf-8", "surrogatepass")) + 1
        raise Unreadable("not_json", column, f"not JSON: {error.msg}") from None
    except RecursionError:
        raise Unreadable("too_deep", 1, "not readable: nested too deeply") from None
    except ValueError as error:  # more digits than `sys.get_int_max_str_digits` allows
        raise Unreadable("not_json", 1, f"not readable: {error}") from None


def dig(row: Any, path: Path) -> Any:
    """Return the value at `path`, or None where the path leads nowhere."""
    for step in path:
        if isinstance(step, str):
            row = row.get(step) if isinstance(row, dict) else None
        else:
            row = row[step] if isinstance(row, list) and -len(row) <= step < len(row) else None
        if row is None:
            return None
    return row


def _dig_first(row: Any, path: Path) -> Any:
    """Return `dig(row, path)`, soonest where the row does not even have the first key."""
    if not isinstance(row, dict) or path[0] not in row:
        return None
    return row[path[0]] if len(path) == 1 else dig(row, path)


def digest(raw: bytes) -> str:
    """Return the 32 hex digits that identify a line: SHA-256 of its bytes, cut to 128 bits."""
    return hashlib.sha256(raw).hexdigest()[:32]


def normalise(text: str) -> str:
    """Return `text` for comparing: NFKC, case folded, runs of white space made one blank."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


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
            value = _dig_first(row, path)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, float):  # perhaps an integer that orjson could not hold
                value = dig(_decode_slowly(self.raw), path)
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
            value = _dig_first(row, path)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
        return None


_UNREAD: Any = object()


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
