"""Rows of two fields: what was asked and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.io.shapes.lens import Lens, filled
from curate.io.shapes.messages import spoken, system
from curate.records import Turn


@dataclass(frozen=True)
class Pair(Lens):
    """Rows with a prompt under one of `prompts` and the answer under one of `answers`.

    Either is a text or a list of messages, and the first key that is not null counts.
    """

    name: str
    prompts: tuple[str, ...]
    answers: tuple[str, ...]

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the system prompt beside them, the prompt and the answer."""
        key = filled(row, self.answers)
        return (*self.asked(row), *spoken(row[key], "assistant", (key,)))

    def asked(self, row: Mapping[str, Any]) -> list[Turn]:
        """Return what stands before the answer.

        Raises:
            NotARecord: the row has no prompt.
        """
        key = filled(row, self.prompts)
        return [*system(row), *spoken(row[key], "user", (key,))]


PROMPT_COMPLETION = Pair("prompt_completion", ("prompt",), ("completion",))
PROMPT_RESPONSE = Pair(
    "prompt_response",
    ("prompt", "question", "query", "problem", "input"),
    ("response", "answer", "output", "solution"),
)
