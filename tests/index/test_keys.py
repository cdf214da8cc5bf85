"""A prompt is found by its words and roles, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.index.keys import keys, keys_or_reason
from curate.io import fields, shapes
from curate.records import Record, normalise
from rollout_rows import line, record, row

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)
PROMPTS = st.lists(
    st.tuples(st.sampled_from(["system", "user", "assistant", "tool"]), TEXTS), max_size=4
)
UNDECLARED = fields.view(shapes.get("messages"), prompt_id=[])


def same(one, other) -> tuple[bool, bool]:
    a, b = keys(record(row(one, "x"))), keys(record(row(other, "y")))
    assert a is not None
    assert b is not None
    return a.exact == b.exact, a.normalised == b.normalised


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Why?", "Why?", (True, True)),
        ("Why?", " WHY?\n", (False, True)),
        ("caf\u00e9 \uff01", "cafe\u0301 !", (False, True)),
        ("Why?", "Why", (False, False)),
        ([("system", "Be brief."), ("user", "Why?")], "Why?", (False, False)),
        ([("user", "Be brief."), ("user", "Why?")], [("user", "Be brief. Why?")], (False, False)),
        ([("system", "Why?")], [("user", "Why?")], (False, False)),
        (
            [("user", "a"), ("assistant", "b"), ("user", "c")],
            [("user", "A"), ("assistant", "B"), ("user", "C")],
            (False, True),
        ),
        (
            [("user", "a"), ("assistant", "b"), ("user", "c")],
            [("user", "a"), ("assistant", "other"), ("user", "c")],
            (False, False),
        ),
        ('a"], ["user", "b', [("user", "a"), ("user", "b")], (False, False)),
        ("\ud800", "\ud801", (False, False)),
    ],
    ids=[
        "the same", "case and blanks", "unicode forms", "a character", "system prompt",
        "split in two", "role", "all turns normalised", "an earlier answer", "quotes",
        "lone surrogates",
    ],
)  # fmt: skip
def test_what_is_the_same_prompt(one, other, expected):
    assert same(one, other) == expected


def test_a_declared_id_says_nothing():
    one = record(row("Why?", "x", metadata={"prompt_id": "7"}))
    other = record(row("How?", "x", metadata={"prompt_id": "7"}))
    assert one.prompt_key == other.prompt_key
    assert keys(one) != keys(other)


def test_what_comes_after_the_answer_does_not_count():
    longer = {"messages": [*row("Why?", "x")["messages"], {"role": "user", "content": "Thanks"}]}
    assert keys(record(longer)) == keys(record(row("Why?", "other")))


@pytest.mark.parametrize("prompt", ["", " \n", []], ids=["empty", "blank", "no turn"])
def test_nothing_asked_has_no_key(prompt):
    assert keys(record(row(prompt, "x"))) is None


@given(PROMPTS)
def test_the_normalised_key_is_the_prompt_key_of_a_row_without_an_id(prompt):
    one = Record(line(row(prompt, "x")), 1, "f", UNDECLARED)
    found = keys(one)
    if found is None:
        assert not normalise("".join(text for _, text in prompt))
    else:
        assert found.normalised.hex() == one.prompt_key


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"{", "not_json"), (b"\xff", "not_utf8"), (b"{}", "not_a_record"), (b"[]", "not_a_record")],
    ids=["no JSON", "no UTF-8", "no turns", "no object"],
)
def test_what_is_no_record_says_why(raw: bytes, told: str):
    view = fields.view(shapes.get("messages"))
    assert keys_or_reason(Record(raw, 1, "f", view)) == told
    assert keys_or_reason(record(row("", "x"))) is None
    assert keys_or_reason(record(row("Why?", "x"))) == keys(record(row("Why?", "x")))
