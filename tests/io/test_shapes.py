"""Shapes read rows as their authors meant them, and are lenses over the bytes."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import NotARecord, UsageError
from curate.io import fields, replacing, shapes, splice
from curate.io.shapes import SHAPES, Lens, Raw
from curate.records import Record, Unreadable, decode, dig

API = Raw(("request", "messages"), ("choices", 0, "message", "content"))
API_MESSAGE = Raw(("prompt",), ("choices", -1, "message"))
HH = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: More\n\nAssistant: {}"


def messages(*said: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"role": role, "content": text} for role, text in said]


def sharegpt(*said: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"from": role, "value": text} for role, text in said]


def turns(shape: Lens, row: Any) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in shape.turns(row)]


def record(shape: Lens, raw: bytes) -> Record:
    return Record(raw, 1, "f", fields.view(shape))


def response(shape: Lens, raw: bytes) -> str:
    return record(shape, raw).response


def put(shape: Lens, raw: bytes, text: str, teacher: str | None = "Clean") -> bytes:
    """The row with another response: another teacher's, or the old one changed."""
    old = record(shape, raw)
    position = old.response_turn
    assert position is not None
    return replacing.replace(old, {position: text}, teacher).raw


# What a row looks like with a given response, per shape. One string holds the whole response.
SIMPLE: dict[str, tuple[Lens, Callable[[str], Any]]] = {
    "messages": (
        SHAPES["messages"],
        lambda x: {"messages": messages(("system", "s"), ("user", "u"), ("assistant", x))},
    ),
    "messages-extra-keys": (
        SHAPES["messages"],
        lambda x: {"messages": [{"role": "assistant", "weight": 1.0, "content": x, "name": "n"}]},
    ),
    "messages-one-part": (
        SHAPES["messages"],
        lambda x: {"messages": messages(("assistant", [{"type": "text", "text": x}]))},
    ),
    "messages-then-user": (
        SHAPES["messages"],
        lambda x: {"conversations": messages(("user", "u"), ("assistant", x), ("user", "v"))},
    ),
    "messages-with-call": (
        SHAPES["messages"],
        lambda x: {"messages": [{"role": "assistant", "content": x, "tool_calls": [{"a": 1}]}]},
    ),
    "sharegpt": (
        SHAPES["sharegpt"],
        lambda x: {"conversations": sharegpt(("human", "u"), ("gpt", x))},
    ),
    "alpaca": (SHAPES["alpaca"], lambda x: {"instruction": "i", "input": "j", "output": x}),
    "prompt-completion": (SHAPES["prompt_completion"], lambda x: {"prompt": "p", "completion": x}),
    "prompt-completion-messages": (
        SHAPES["prompt_completion"],
        lambda x: {"prompt": messages(("user", "p")), "completion": messages(("assistant", x))},
    ),
    "prompt-response": (SHAPES["prompt_response"], lambda x: {"question": "q", "answer": x}),
    "preference": (
        SHAPES["preference"],
        lambda x: {"prompt": "p", "chosen": x, "rejected": "r"},
    ),
    "preference-messages": (
        SHAPES["preference"],
        lambda x: {
            "chosen": messages(("user", "u"), ("assistant", x)),
            "rejected": messages(("user", "u"), ("assistant", "r")),
        },
    ),
    "preference-transcript": (
        SHAPES["preference"],
        lambda x: {"chosen": HH.format(x), "rejected": HH.format("r")},
    ),
    "text": (SHAPES["text"], lambda x: {"text": x}),
    "raw": (
        API,
        lambda x: {
            "request": {"messages": messages(("user", "u"))},
            "choices": [{"message": {"role": "assistant", "content": x}}],
        },
    ),
}
# The response is spread over several strings.
SPREAD: dict[str, tuple[Lens, Callable[[str, str], Any]]] = {
    "parts": (
        SHAPES["messages"],
        lambda x, y: {
            "messages": messages(
                ("assistant", [{"type": "text", "text": x}, {"type": "image_url"}, y])
            )
        },
    ),
    "reasoning-part": (
        SHAPES["messages"],
        lambda x, y: {
            "messages": messages(
                (
                    "assistant",
                    [{"type": "text", "value": x}, {"type": "reasoning", "value": y}],
                )
            )
        },
    ),
    "reasoning-only": (
        SHAPES["messages"],
        lambda x, y: {
            "messages": [{"role": "assistant", "reasoning": x, "thinking": y, "tool_calls": ["f"]}]
        },
    ),
    "reasoning-beside": (
        SHAPES["messages"],
        lambda x, y: {
            "messages": [{"role": "assistant", "reasoning_content": x, "content": y}],
        },
    ),
    "refusal-beside-null": (
        API_MESSAGE,
        lambda x, y: {
            "prompt": "p",
            "choices": [{"message": {"role": "assistant", "content": None, "refusal": x + y}}],
        },
    ),
    "content-blocks": (
        Raw(("prompt",), ("content",)),
        lambda x, y: {
            "prompt": "p",
            "content": [{"type": "thinking", "thinking": x}, {"type": "text", "text": y}],
        },
    ),
}

texts = st.text(st.characters(exclude_categories=())).filter(
    lambda text: json.loads(json.dumps(text)) == text and "\n\n" not in text
)
spellings = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :  ")]),
    }
)
NOISE = (
    b'{"big": 123456789012345678901234567890 ,"dup":1,"dup":1.50e+1,"esc\\u0061ped":"\\u00e9\\/", '
)


def spell(row: Any, how: dict[str, Any]) -> bytes:
    """The row as bytes, among fields that a parser and printer would not give back."""
    decoys = b"".join(splice.encode(key) + b": null," for key in row)
    try:
        members = json.dumps(row, **how).encode()[1:]
    except UnicodeEncodeError:  # lone surrogates have no UTF-8
        members = json.dumps(row, **how | {"ensure_ascii": True}).encode()[1:]
    return NOISE + decoys + members


@pytest.mark.parametrize(("shape", "row"), SIMPLE.values(), ids=SIMPLE)
@given(old=texts, x=texts, y=texts, how=spellings)
def test_a_shape_is_a_lens(
    shape: Lens, row: Callable[[str], Any], old: str, x: str, y: str, how: dict[str, Any]
) -> None:
    raw = spell(row(old), how)
    new = put(shape, raw, x)
    assert response(shape, raw) == old
    assert response(shape, new) == x
    assert put(shape, new, y) == put(shape, raw, y)
    assert json.loads(put(shape, raw, old)) == json.loads(raw)
    assert put(shape, raw, old, teacher=None) == raw
    assert put(shape, raw, x, teacher=None) == (raw if x == old else new)
    assert json.loads(new) == json.loads(spell(row(x), how))
    assert_only_response_changed(shape, raw, new)


def assert_only_response_changed(shape: Lens, raw: bytes, new: bytes) -> None:
    path = next(
        turn.path for turn in reversed(shape.turns(decode(raw))) if turn.role == "assistant"
    )
    start, end = splice.locate(raw, path)
    assert new.startswith(raw[:start])
    assert new.endswith(raw[end:])


@pytest.mark.parametrize(("shape", "row"), SPREAD.values(), ids=SPREAD)
@given(a=texts, b=texts, x=texts, y=texts, how=spellings)
def test_a_response_in_pieces_is_a_lens(
    shape: Lens,
    row: Callable[[str, str], Any],
    a: str,
    b: str,
    x: str,
    y: str,
    how: dict[str, Any],
) -> None:
    raw = spell(row(a, b), how)
    new = put(shape, raw, x)
    assert response(shape, new) == x
    assert put(shape, new, y) == put(shape, raw, y)
    assert put(shape, raw, response(shape, raw), teacher=None) == raw
    same = put(shape, raw, response(shape, raw))
    assert turns(shape, decode(same)) == turns(shape, decode(raw))
    assert_only_response_changed(shape, raw, new)


lines = texts.filter(lambda text: text and "\n" not in text)


@pytest.mark.parametrize(("shape", "row"), SPREAD.values(), ids=SPREAD)
@given(a=lines, b=lines, x=lines, y=lines, how=spellings)
def test_an_edit_of_a_response_in_pieces_leaves_each_its_part(
    shape: Lens,
    row: Callable[[str, str], Any],
    a: str,
    b: str,
    x: str,
    y: str,
    how: dict[str, Any],
) -> None:
    raw = spell(row(a, b), how)
    for one, other in ((x, b), (a, y), (x, y)):
        wanted = spell(row(one, other), how)
        new = put(shape, raw, response(shape, wanted), teacher=None)
        assert json.loads(new) == json.loads(wanted)
        assert_only_response_changed(shape, raw, new)


@pytest.mark.parametrize(
    ("shape", "row", "expected"),
    [
        pytest.param(
            "messages",
            {
                "messages": messages(
                    ("developer", "s"), ("User", "u"), ("model", "a"), ("Critic", "c")
                )
            },
            [("system", "s"), ("user", "u"), ("assistant", "a"), ("critic", "c")],
            id="roles-are-normalised",
        ),
        pytest.param(
            "messages",
            {"system": "s", "tools": [{"name": "t"}], "dialogue": messages(("user", "u"))},
            [("system", "s"), ("user", "u")],
            id="system-beside-messages",
        ),
        pytest.param(
            "messages",
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            [("user", "")],
            id="image-only",
        ),
        pytest.param(
            "messages",
            {"messages": messages(("user", [{"type": "text", "value": "a"}, "b", {"text": "c"}]))},
            [("user", "a\n\nb\n\nc")],
            id="parts-of-all-spellings",
        ),
        pytest.param(
            "messages",
            {
                "messages": [
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [
                            {"type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
                            {"name": "g", "arguments": {"\xe9": 2}},
                        ],
                    },
                    {"role": "tool", "content": "42", "tool_call_id": "1"},
                    {"role": "assistant", "content": "So 42."},
                ]
            },
            [
                ("tool_call", 'f {"a":1}'),
                ("tool_call", 'g {"\xe9": 2}'),
                ("tool", "42"),
                ("assistant", "So 42."),
            ],
            id="tool-calls",
        ),
        pytest.param(
            "messages",
            {
                "messages": [
                    {"role": "assistant", "content": "Look:", "function_call": {"name": "f"}},
                    {"role": "function", "name": "f", "content": "42"},
                    {"role": "assistant", "content": "", "tool_calls": None},
                ]
            },
            [("assistant", "Look:"), ("tool_call", "f"), ("tool", "42"), ("assistant", "")],
            id="function-call-of-old",
        ),
        pytest.param(
            "messages",
            {
                "messages": [
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "text", "text": "Look:"},
                            {"type": "tool_use", "name": "f", "input": {"a": 1}},
                            {"type": "tool_call", "value": "{}"},
                        ],
                    },
                    {"role": "user", "content": [{"type": "tool_result", "content": "42"}]},
                ]
            },
            [
                ("assistant", "Look:"),
                ("tool_call", 'f {"a": 1}'),
                ("tool_call", "{}"),
                ("tool", "42"),
            ],
            id="calls-and-results-among-parts",
        ),
        pytest.param(
            "messages",
            {
                "messages": [
                    {"role": "tool", "content": {"temperature": 3}},
                    {"role": "tool", "content": [{"name": "a"}, {"name": "b"}]},
                    {"role": "tool", "content": [{"type": "text", "text": "c"}]},
                    {"role": "user", "content": [{"type": "tool_result", "content": [1]}]},
                    {"role": "assistant", "content": "a"},
                ]
            },
            [
                ("tool", '{"temperature": 3}'),
                ("tool", '[{"name": "a"}, {"name": "b"}]'),
                ("tool", "c"),
                ("tool", "[1]"),
                ("assistant", "a"),
            ],
            id="results-that-are-data",
        ),
        pytest.param(
            "messages",
            {"messages": [{"role": "assistant", "reasoning_content": "hm", "content": "a"}]},
            [("assistant", "hm\n\na")],
            id="reasoning-is-part-of-the-response",
        ),
        pytest.param(
            "sharegpt",
            {
                "conversations": sharegpt(
                    ("human", "u"), ("function_call", "{}"), ("observation", "42"), ("gpt", "a")
                ),
                "system": "s",
            },
            [
                ("system", "s"),
                ("user", "u"),
                ("tool_call", "{}"),
                ("tool", "42"),
                ("assistant", "a"),
            ],
            id="sharegpt-with-tools",
        ),
        pytest.param(
            "alpaca",
            {
                "instruction": "i",
                "input": "j",
                "output": "o",
                "system": "s",
                "history": [["q", "r"]],
            },
            [
                ("system", "s"),
                ("user", "q"),
                ("assistant", "r"),
                ("user", "i\n\nj"),
                ("assistant", "o"),
            ],
            id="alpaca-with-history",
        ),
        pytest.param(
            "alpaca",
            {"instruction": "i", "input": None, "context": "c", "response": "o"},
            [("user", "i\n\nc"), ("assistant", "o")],
            id="dolly",
        ),
        pytest.param(
            "prompt_response",
            {"system_prompt": "s", "question": "q", "response": "a"},
            [("system", "s"), ("user", "q"), ("assistant", "a")],
            id="open-orca",
        ),
        pytest.param(
            "preference",
            {"prompt": "p", "chosen": messages(("user", "p"), ("assistant", "a")), "rejected": "r"},
            [("user", "p"), ("assistant", "a"), ("rejected", "r")],
            id="chosen-holds-the-prompt-too",
        ),
        pytest.param(
            "preference",
            {
                "prompt": messages(("user", "p")),
                "chosen": messages(("assistant", "a")),
                "rejected": messages(("assistant", "r")),
            },
            [("user", "p"), ("assistant", "a"), ("rejected", "r")],
            id="prompt-apart",
        ),
        pytest.param(
            "preference",
            {
                "conversations": sharegpt(("system", "s"), ("human", "p")),
                "chosen": {"from": "gpt", "value": "a"},
                "rejected": {"from": "gpt", "value": "r"},
            },
            [("system", "s"), ("user", "p"), ("assistant", "a"), ("rejected", "r")],
            id="answers-beside-a-conversation",
        ),
        pytest.param(
            "preference",
            {
                "chosen_messages": messages(("user", "p"), ("assistant", "a")),
                "rejected_messages": messages(("user", "p"), ("assistant", "r")),
            },
            [("user", "p"), ("assistant", "a"), ("rejected", "r")],
            id="two-conversations",
        ),
        pytest.param(
            "preference",
            {"instruction": "i", "input": "", "output": "o", "chosen": "a", "rejected": "r"},
            [("user", "i"), ("assistant", "a"), ("rejected", "r")],
            id="alpaca-with-both",
        ),
        pytest.param(
            "preference",
            {"instruction": "i", "output": "o", "rejected": "r"},
            [("user", "i"), ("assistant", "o"), ("rejected", "r")],
            id="alpaca-with-rejected",
        ),
        pytest.param(
            "preference",
            {"chosen": HH.format("a"), "rejected": "\n\nHuman: Else\n\nAssistant:r"},
            [
                ("user", "Hi"),
                ("assistant", "Hello"),
                ("user", "More"),
                ("assistant", "a"),
                ("rejected", "r"),
            ],
            id="transcripts",
        ),
        pytest.param(
            "preference",
            {"chosen": "a", "rejected": "r"},
            [("assistant", "a"), ("rejected", "r")],
            id="no-prompt-at-all",
        ),
    ],
)
def test_turns(shape: str, row: Any, expected: list[tuple[str, str]]) -> None:
    assert turns(SHAPES[shape], row) == expected
    assert shapes.detect([row]) is SHAPES[shape]


@pytest.mark.parametrize(("shape", "row"), SIMPLE.values(), ids=SIMPLE)
def test_paths_and_starts_lead_to_the_text(shape: Lens, row: Callable[[str], Any]) -> None:
    built = row("answer")
    built.pop("input", None)
    for turn in shape.turns(built):
        value = dig(built, turn.path)
        if turn.role != "tool_call":
            assert value[turn.start : turn.start + len(turn.text)] == turn.text


@pytest.mark.parametrize(
    ("shape", "row", "message"),
    [
        ("messages", {}, "no list of messages under messages or"),
        ("messages", {"messages": []}, "no list of messages"),
        ("messages", {"messages": ["hi"]}, "messages.0 is not a message"),
        ("messages", {"messages": [{"content": "x"}]}, "messages.0 has no role"),
        ("messages", {"messages": [{"role": ["user"], "content": "x"}]}, "messages.0 has no role"),
        ("messages", {"messages": messages(("user", 7))}, "neither a text nor a list of parts"),
        ("messages", {"messages": messages(("user", [7]))}, "neither a text nor an object"),
        ("sharegpt", {"conversations": messages(("user", "u"))}, "conversations.0 has no role"),
        ("alpaca", {"instruction": "i"}, "no output or response or"),
        ("alpaca", {"instruction": "i", "input": {"a": 1}, "output": "o"}, "is not a text"),
        (
            "alpaca",
            {"instruction": "i", "output": "o", "history": ["a"]},
            "history.0 is not a pair",
        ),
        ("prompt_completion", {"prompt": "p"}, "no completion"),
        ("prompt_response", {"prompt": "p", "response": 7}, "response is neither a text nor"),
        ("preference", {"chosen": "a"}, "no rejected"),
        ("preference", {"rejected": "r", "text": "t"}, "no chosen answer"),
        ("text", {"text": None}, "no text under text"),
    ],
)
def test_a_row_of_another_shape_is_named(shape: str, row: Any, message: str) -> None:
    with pytest.raises(NotARecord, match=message):
        SHAPES[shape].turns(row)


def test_raw_reads_a_saved_api_response() -> None:
    row = {
        "request": {"messages": messages(("system", "s"), ("user", "u"))},
        "choices": [{"message": {"role": "assistant", "content": "a"}}],
    }
    assert turns(API, row) == [("system", "s"), ("user", "u"), ("assistant", "a")]
    with pytest.raises(NotARecord, match=r"^nothing at choices\.0\.message\.content$"):
        API.turns({**row, "choices": []})


def test_raw_reads_a_message_with_its_tool_calls() -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [{"name": "f", "arguments": ""}]}
    row = {"prompt": "p", "choices": [{"message": {}}, {"message": message}]}
    assert turns(API_MESSAGE, row) == [("user", "p"), ("tool_call", "f")]


def test_raw_reads_one_model_of_several() -> None:
    shape = Raw(fields.path("question"), fields.path("175b_verification.solution"))
    row = {"question": "q", "6b": {"solution": "x"}, "175b_verification": {"solution": "a"}}
    assert turns(shape, row) == [("user", "q"), ("assistant", "a")]


@pytest.mark.parametrize(
    ("shape", "raw", "text"),
    [
        ("messages", b'{"messages":[{"role":"assistant"}]}', "x"),
        ("preference", json.dumps({"chosen": HH, "rejected": HH}).encode(), "a\n\nHuman: b"),
        ("preference", b'{"chosen":"a","rejected":"r"}', "\n\nHuman: b"),
        ("text", b'{"text":""}', "\ud83d\ude00"),
    ],
    ids=[
        "no-content-to-replace",
        "speaker-mark-in-transcript",
        "text-that-becomes-a-transcript",
        "surrogates-that-json-would-join",
    ],
)
def test_what_cannot_be_put_is_refused(shape: str, raw: bytes, text: str) -> None:
    for teacher in ("Clean", None):
        with pytest.raises(NotARecord):
            put(SHAPES[shape], raw, text, teacher)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        pytest.param(b'{"text":', Unreadable, id="no-json"),
        pytest.param(b"[1]", NotARecord, id="no-object"),
    ],
)
def test_nothing_can_be_put_into_what_is_no_row(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        replacing.replace(record(SHAPES["text"], raw), {0: "x"})


@pytest.mark.parametrize("teacher", ["Clean", None])
def test_null_content_can_be_replaced(teacher: str | None) -> None:
    raw = b'{"messages":[{"role":"assistant","content":null}]}'
    assert put(SHAPES["messages"], raw, "x", teacher) == raw.replace(b"null", b'"x"')


def test_a_transcript_keeps_the_spelling_of_what_comes_before() -> None:
    raw = b'{"chosen":"\\n\\nHuman: caf\\u00e9\\/\\n\\nAssistant:a","rejected":"r"}'
    new = b'{"chosen":"\\n\\nHuman: caf\\u00e9\\/\\n\\nAssistant:  b","rejected":"r"}'
    assert put(SHAPES["preference"], raw, " b") == new


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"prompt": "p", "messages": messages(("user", "p"), ("assistant", "a"))}, "messages"),
        ({"text": "t", "prompt": "p", "completion": "c"}, "prompt_completion"),
        ({"instruction": "i", "input": "", "output": "o", "text": "t"}, "alpaca"),
        ({"messages": None, "text": "t"}, "text"),
        ({"messages": messages(("user", "u")), "rejected": False}, "messages"),
        ({"prompt": "p", "completion": None, "response": "r"}, "prompt_response"),
    ],
)
def test_a_row_of_several_shapes_has_the_most_telling(row: Any, name: str) -> None:
    assert shapes.detect([row]) is SHAPES[name]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        pytest.param([{"text": "a"}] * 2 + [{"prompt": "p", "response": "r"}], "text", id="most"),
        pytest.param([{"text": "a"}, {"odd": 1}], "text", id="half"),
        pytest.param([{"text": "a"}, {"odd": 1}, 7], None, id="less-than-half"),
        pytest.param([{"text": "a"}] * 100 + [{"odd": 1}] * 1000, "text", id="first-rows-count"),
        pytest.param([], None, id="empty"),
        pytest.param(["a", 1, None, [{}]], None, id="no-objects"),
        pytest.param([{"question_id": 1, "turns": ["a", "b"]}], None, id="prompts-without-answers"),
    ],
)
def test_the_shape_of_a_file_is_that_of_most_rows(rows: list[Any], name: str | None) -> None:
    found = shapes.detect(rows)
    assert (found and found.name) == name


def test_an_unknown_shape_names_the_closest() -> None:
    assert shapes.get("sharegpt") is SHAPES["sharegpt"]
    with pytest.raises(UsageError, match=r"'shargpt'; did you mean 'sharegpt'\?"):
        shapes.get("shargpt")


@pytest.mark.parametrize("shape", [*SHAPES.values(), API], ids=lambda shape: shape.name)
def test_a_shape_travels_to_another_process(shape: Lens) -> None:
    copy = pickle.loads(pickle.dumps(shape))
    assert (type(copy), copy.name, vars(copy)) == (type(shape), shape.name, vars(shape))
