"""What a model is given beside the words of a prompt: pictures, sounds, tools it may call."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from curate.io.shapes import content
from curate.records import Record

_TOOLS = ("tools", "functions", "tool_choice")
_MAY = (b'"type"', *(f'"{name}"'.encode() for name in _TOOLS))
_TURNS = (*content.CALLS, content.RESULT)


def unspoken(record: Record) -> list[str]:
    """Return the parts of a row that are no text, and its tools, each as JSON; none for most rows.

    Two rows with the same turns ask the same only where this is equal too.
    """
    if not any(mark in record.raw for mark in _MAY):  # sooner than to look
        return []
    row = record.row
    tools = [row[name] for name in _TOOLS if row.get(name)]
    return [json.dumps(part, sort_keys=True) for part in (*tools, *_media(row))]


def _media(value: Any) -> Iterator[Any]:
    """Yield the content parts, wherever they stand, that have no text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _media(inner)
    elif isinstance(value, list):
        for part in value:
            if _is_medium(part):
                yield part
            else:
                yield from _media(part)


def _is_medium(part: Any) -> bool:
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        return False
    is_turn = part["type"] in _TURNS or "role" in part or "function" in part
    return not is_turn and not content.of_content([part])


def follows(record: Record, turns: Sequence[int]) -> bool:
    """Say whether something stands after the last of these turns that goes by what it says."""
    later = record.turns[max(turns) + 1 :]
    return any(turn.role != "rejected" for turn in later)
