"""Where the texts of a row are: its turns, the scopes that filters read, the shape that knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, get_args

from curate.records.decoding import Path

Scope = Literal["conversation", "assistant", "response", "prompt", "system"]
"""Which text of a record a filter reads.

`assistant` (the default) is every assistant turn, `response` the last one, `prompt` what stands
before it, `system` the system turns, `conversation` everything: tool calls, tool results and the
rejected answer of a preference pair included.
"""
SCOPES: tuple[Scope, ...] = get_args(Scope)

JOIN = "\n\n"
"""What stands between turns when a scope is read as one text."""


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
