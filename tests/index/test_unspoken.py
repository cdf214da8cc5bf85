"""Pictures and tools are part of a prompt; what follows an answer goes by it."""

import json
from typing import Any

import pytest

from curate.index.keys import keys
from curate.index.unspoken import follows, unspoken
from curate.io import fields, shapes
from curate.records import Record

PICTURE = {"type": "image_url", "image_url": {"url": "cat.png"}}


def record(content: Any, answer: Any = "a cat", **more: Any) -> Record:
    messages = [{"role": "user", "content": content}, {"role": "assistant", "content": answer}]
    row = {"messages": messages} | more
    return Record(json.dumps(row).encode(), 1, "c.jsonl", fields.view(shapes.get("messages")))


def parts(url: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": "what is this"}, {**PICTURE, "image_url": {"url": url}}]


def test_another_picture_is_another_prompt() -> None:
    cat, dog, again = (keys(record(parts(f"{name}.png"))) for name in ("cat", "dog", "cat"))
    assert cat == again != dog
    assert cat != keys(record("what is this"))


def test_other_tools_are_another_prompt() -> None:
    tools = [[{"type": "function", "function": {"name": name}}] for name in ("find", "send")]
    one, other = (keys(record("go", tools=each)) for each in tools)
    assert one != other != keys(record("go"))


@pytest.mark.parametrize(
    "row",
    [
        record("plain"),
        record([{"type": "text", "text": "plain"}]),
        record("plain", [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "yes"}]),
        record("plain", metadata={"type": "chat"}),
        record("plain", [{"type": "tool_use", "name": "find", "input": {}}]),
    ],
)
def test_what_is_text_or_a_turn_is_nothing_beside(row: Record) -> None:
    assert unspoken(row) == []


def test_what_follows() -> None:
    call = {"function": {"name": "f", "arguments": "{}"}}
    looking = {"role": "assistant", "content": "let me look", "tool_calls": [call]}
    talk = [{"role": "user", "content": "q"}, looking]
    view = fields.view(shapes.get("messages"))
    row = Record(json.dumps({"messages": talk}).encode(), 1, "c.jsonl", view)
    assert row.response_turn is not None
    assert follows(row, [row.response_turn])
    thanks = [*talk[:1], {"role": "assistant", "content": "a"}, {"role": "user", "content": "ok"}]
    row = Record(json.dumps({"messages": thanks}).encode(), 1, "c.jsonl", view)
    assert follows(row, [1])
    assert not follows(record("q"), [1])
