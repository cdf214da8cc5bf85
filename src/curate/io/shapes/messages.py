"""Lists of messages: OpenAI's `messages` and ShareGPT's `conversations`.

Tool definitions (`tools`) are not utterances and yield no turn.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curate.errors import NotARecord
from curate.io.shapes import content
from curate.io.shapes.lens import Lens
from curate.records import Path, Turn, dig

ROLES = {
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(("assistant", "gpt", "model", "chatgpt", "bot", "bing", "bard"), "assistant"),
    **dict.fromkeys(("system", "developer"), "system"),
    **dict.fromkeys(("tool", "function", "observation", "tool_response", "ipython"), "tool"),
    **dict.fromkeys(("tool_call", "function_call"), "tool_call"),
}
"""Role as written, in lower case -> role of the turn. Other roles stay as they are."""

_MORE = frozenset((*content.BESIDE, "tool_calls", "function_call"))
"""Keys of a message that may hold turns or text besides its content."""
_SYSTEM = ("system", "system_prompt")


@dataclass(frozen=True)
class Messages(Lens):
    """Rows that are a list of messages under one of `keys`.

    A message says who speaks under `speaker` and what under `words`. A `system` text beside the
    list comes first.
    """

    name: str
    keys: tuple[str, ...]
    speaker: str
    words: str

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        """Return a turn for every message and tool call."""
        key, messages = self._find(row)
        speaker, words = self.speaker, self.words
        said = system(row)
        for number, message in enumerate(messages):
            try:
                text, role = message[words], ROLES[message[speaker]]
            except (KeyError, TypeError):
                text = role = None
            if role and type(text) is str and (len(message) == 2 or _MORE.isdisjoint(message)):
                said.append(Turn(role, text, (key, number, words)))
            else:
                said += message_turns(message, (key, number), speaker)
        return tuple(said)

    def _find(self, row: Mapping[str, Any]) -> tuple[str, list[Any]]:
        for key in self.keys:
            messages = row.get(key)
            if type(messages) is list and messages:
                return key, messages
        raise NotARecord(f"no list of messages under {' or '.join(self.keys)}")


MESSAGES = Messages(
    "messages", ("messages", "conversation", "dialogue", "conversations"), "role", "content"
)
SHAREGPT = Messages("sharegpt", ("conversations", "conversation", "messages"), "from", "value")


def system(row: Mapping[str, Any]) -> list[Turn]:
    """Return the system prompt that stands beside the other fields of a row, as a turn."""
    return [Turn("system", row[key], (key,)) for key in _SYSTEM if _is_text(row.get(key))]


def spoken(value: Any, role: str, path: Path) -> list[Turn]:
    """Return the turns of a field that is a text said by `role`, a message, or a list of messages.

    Raises:
        NotARecord: it is none of these.
    """
    if isinstance(value, str):
        return [Turn(role, value, path)]
    if isinstance(value, dict):
        return message_turns(value, path)
    if isinstance(value, list) and value:
        places = enumerate(value)
        return [turn for n, message in places for turn in message_turns(message, (*path, n))]
    raise NotARecord(f"{_dotted(path)} is neither a text nor messages")


def message_turns(message: Any, path: Path, speaker: str | None = None) -> list[Turn]:
    """Return the turns of one message: what was said, then the tool calls and results in it.

    `speaker` is the key that names the role; None takes `role` or `from`. A message that only
    calls tools says nothing.

    Raises:
        NotARecord: it is no message.
    """
    if not isinstance(message, dict):
        raise NotARecord(f"{_dotted(path)} is not a message")
    role = message.get(speaker or ("role" if "role" in message else "from"))
    if not isinstance(role, str):
        raise NotARecord(f"{_dotted(path)} has no role")
    role = ROLES.get(role.lower(), role.lower())
    if role == "tool" and _is_data(message.get("content")):
        return [Turn(role, _as_text(message["content"]), (*path, "content"))]
    pieces = content.of_message(message, path)
    others = [] if _MORE.isdisjoint(message) else list(_calls(message, path))
    if type(message.get("content")) is list:
        others += _parts(message["content"], (*path, "content"))
    if others and all(dig(message, piece.path[len(path) :]) is None for piece in pieces):
        return others
    if len(pieces) == 1:
        return [Turn(role, pieces[0].text, pieces[0].path), *others]
    return [Turn(role, content.join(pieces), path), *others]


def _calls(message: Mapping[str, Any], path: Path) -> Iterator[Turn]:
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        for number, call in enumerate(calls):
            yield _call(call, (*path, "tool_calls", number))
    elif calls:
        yield _call(calls, (*path, "tool_calls"))
    if message.get("function_call"):
        yield _call(message["function_call"], (*path, "function_call"))


def _parts(parts: list[Any], path: Path) -> Iterator[Turn]:
    for number, part in enumerate(parts):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind in content.CALLS:
            yield _call(part, (*path, number))
        elif kind == content.RESULT:
            result = part.get("content")
            is_data = _is_data(result)
            text = _as_text(result) if is_data else content.join(content.of_content(result))
            yield Turn("tool", text, (*path, number, "content"))


def _call(call: Any, path: Path) -> Turn:
    """Return a tool call as a turn: name and arguments, or its JSON where it names no tool."""
    if isinstance(call, str):
        return Turn("tool_call", call, path)
    if isinstance(call, dict):
        if isinstance(call.get("value"), str):
            return Turn("tool_call", call["value"], (*path, "value"))
        inner = call.get("function", call)
        if isinstance(inner, dict) and isinstance(inner.get("name"), str):
            arguments = inner.get("arguments", inner.get("input"))
            return Turn("tool_call", f"{inner['name']} {_as_text(arguments)}".rstrip(), path)
    return Turn("tool_call", _as_text(call), path)


def _is_data(result: Any) -> bool:
    """Say whether a tool's result is neither a text nor a list of content parts."""
    if isinstance(result, list):
        typed = (isinstance(part, dict) and "type" in part for part in result)
        return not all(typed)
    return not isinstance(result, str | None)


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
