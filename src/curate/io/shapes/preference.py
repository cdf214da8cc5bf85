"""Preference pairs: one prompt, the chosen answer and the rejected one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from curate.errors import NotARecord
from curate.io.shapes import transcript
from curate.io.shapes.alpaca import Alpaca, instruction
from curate.io.shapes.lens import Lens, filled
from curate.io.shapes.messages import MESSAGES, SHAREGPT, spoken, system
from curate.io.shapes.pairs import PROMPT_COMPLETION, PROMPT_RESPONSE
from curate.io.splice import Edit
from curate.records import Path, Turn

_CHOSEN = ("chosen", "chosen_messages", "chosen_response")
_REJECTED = ("rejected", "rejected_messages", "rejected_response")

_ANSWERS = ("assistant", "rejected")
"""Roles of the turns that only one of the two answers has, where they follow the last user turn."""

_Reader = Callable[[Mapping[str, Any]], list[Turn] | tuple[Turn, ...]]
_PROMPTS: tuple[_Reader, ...] = (
    instruction,
    PROMPT_RESPONSE.asked,
    MESSAGES.turns,
    SHAREGPT.turns,
    system,
)
_ANSWERED: tuple[_Reader, ...] = (
    MESSAGES.turns,
    SHAREGPT.turns,
    Alpaca().turns,
    PROMPT_COMPLETION.turns,
    PROMPT_RESPONSE.turns,
)


class Preference(Lens):
    """Rows that say which of two answers is better.

    An answer is a text, a message, a list of messages with or without the prompt, or a whole
    transcript. Rows with a rejected answer only have the better one where their other shape
    keeps it. The response is the better answer.
    """

    name = "preference"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return the prompt, the better answer, and the other one with the role `rejected`.

        Of a rejected conversation only what follows its last user turn is taken.
        """
        worse = filled(row, _REJECTED)
        rejected = _side(row[worse], (worse,))
        asked = max((n for n, turn in enumerate(rejected) if turn.role == "user"), default=-1)
        return (*_better(row), *(turn._replace(role="rejected") for turn in rejected[asked + 1 :]))

    def edits(
        self,
        raw: bytes,
        row: Mapping[str, Any],
        turns: Sequence[Turn],
        texts: Mapping[int, str],
        fresh: bool,
    ) -> list[Edit]:
        """Return what to splice in; where both answers bring the prompt, it changes in both.

        Raises:
            NotARecord: a turn of the prompt is to change, and the other answer's prompt differs.
        """
        twins = _twins(row, turns, [n for n in texts if turns[n].role != "rejected"])
        every = [*turns, *twins.values()]
        more = {len(turns) + k: texts[n] for k, n in enumerate(twins)}
        return super().edits(raw, row, every, {**texts, **more}, fresh)


def _twins(
    row: Mapping[str, Any], turns: Sequence[Turn], changed: Sequence[int]
) -> dict[int, Turn]:
    """Return, for each changed turn of the prompt, the same turn in the rejected conversation.

    Raises:
        NotARecord: that conversation begins in another way.
    """
    worse = filled(row, _REJECTED)
    other = _side(row[worse], (worse,))
    last = max((n for n, turn in enumerate(other) if turn.role == "user"), default=None)
    if last is None:  # it does not bring the prompt
        return {}
    asked = max((n for n, turn in enumerate(turns) if turn.role == "user"), default=-1)
    better = next((key for key in _CHOSEN if row.get(key) is not None), None)
    own = [n for n in range(asked + 1) if turns[n].path[:1] == (better,)]
    wanted = [n for n in changed if n in own]
    if not wanted and any(n <= asked for n in changed):
        raise NotARecord("the prompt stands in the rejected answer too, and in another form")
    if not wanted:
        return {}
    same = [(turn.role, turn.text) for turn in other[: last + 1]]
    if same != [(turns[n].role, turns[n].text) for n in own]:
        raise NotARecord("the prompts of the two answers differ, and only one would be changed")
    places = {n: other[k] for k, n in enumerate(own)}
    return {n: places[n] for n in wanted}


def _better(row: Mapping[str, Any]) -> list[Turn]:
    if all(row.get(key) is None for key in _CHOSEN):
        return _first(_ANSWERED, row)
    key = filled(row, _CHOSEN)
    chosen = _side(row[key], (key,))
    complete = any(turn.role == "user" for turn in chosen)
    return [*(system(row) if complete else _first(_PROMPTS, row)), *chosen]


def _side(value: Any, path: Path) -> list[Turn]:
    if isinstance(value, str) and transcript.is_transcript(value):
        return transcript.turns(value, path)
    return spoken(value, "assistant", path)


def _first(readers: tuple[_Reader, ...], row: Mapping[str, Any]) -> list[Turn]:
    for read in readers:
        try:
            return list(read(row))
        except NotARecord:
            continue
    raise NotARecord("no chosen answer")
