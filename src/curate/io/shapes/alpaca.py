"""Alpaca: an instruction, perhaps an input to it, and the output."""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.errors import NotARecord
from curate.io.shapes.lens import Lens, filled
from curate.io.shapes.messages import spoken, system
from curate.records import JOIN, Turn

_ANSWERS = ("output", "response", "answer", "completion")
_INPUTS = ("input", "context")


class Alpaca(Lens):
    """Rows of `instruction`, `input` and `output`; with LLaMA-Factory's `system` and `history`."""

    name = "alpaca"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return system, history, the instruction with its input as one turn, and the output.

        The path of a prompt that has an input leads to the instruction alone.
        """
        key = filled(row, _ANSWERS)
        return (*instruction(row), *spoken(row[key], "assistant", (key,)))


def instruction(row: Mapping[str, Any]) -> list[Turn]:
    """Return what stands before the output.

    Raises:
        NotARecord: there is no instruction, or its input is not a text.
    """
    key = filled(row, ("instruction",))
    extra = next((row[name] for name in _INPUTS if row.get(name)), "")
    if not isinstance(row[key], str) or not isinstance(extra, str):
        raise NotARecord("instruction or input is not a text")
    asked = JOIN.join((row[key], extra)) if extra else row[key]
    return [*system(row), *_history(row.get("history")), Turn("user", asked, (key,))]


def _history(pairs: Any) -> Iterator[Turn]:
    for number, pair in enumerate(pairs or ()):
        if not isinstance(pair, list) or len(pair) != 2:
            raise NotARecord(f"history.{number} is not a pair of texts")
        yield from spoken(pair[0], "user", ("history", number, 0))
        yield from spoken(pair[1], "assistant", ("history", number, 1))
