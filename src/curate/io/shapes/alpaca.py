"""Alpaca: an instruction, perhaps an input to it, and the output."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.errors import NotARecord
from curate.io import splice
from curate.io.shapes.dividing import divide
from curate.io.shapes.lens import Lens, filled
from curate.io.shapes.messages import spoken, system
from curate.io.splice import Edit
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

    def edits(
        self,
        raw: bytes,
        row: Mapping[str, Any],
        turns: Sequence[Turn],
        texts: Mapping[int, str],
        fresh: bool,
    ) -> list[Edit]:
        """Return what to splice in; a prompt's new text is divided as the old one was.

        Raises:
            NotARecord: a turn has no place for a text, or it cannot be told where a prompt's new
                instruction ends and its input begins.
        """
        extra = next((name for name in _INPUTS if row.get(name)), None)
        asked = next(n for n, turn in enumerate(turns) if turn.path == ("instruction",))
        if extra is None or asked not in texts:
            return super().edits(raw, row, turns, texts, fresh)
        others = {n: text for n, text in texts.items() if n != asked}
        new = divide((row["instruction"], row[extra]), texts[asked])
        divided = zip((("instruction",), (extra,)), map(splice.encode, new), strict=True)
        return [*super().edits(raw, row, turns, others, fresh), *divided]


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
