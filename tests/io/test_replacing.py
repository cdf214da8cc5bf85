"""New texts and a new teacher in a row, and nothing else changed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import NotARecord
from curate.io import fields, replacing, shapes, splice
from curate.records import Record

TEXTS = st.text(st.sampled_from('ab"\\é☃\n /u0062'), max_size=8)
SPELLINGS = st.sampled_from(["ascii", "utf-8", "escaped"])


def record(raw: bytes, shape: str = "messages", **view: Any) -> Record:
    return Record(raw, 1, "c.jsonl", fields.view(shapes.get(shape), **view))


def spelt(text: str, how: str) -> str:
    """Return a JSON string that says `text`, spelt in one of the ways there are."""
    if how == "escaped":
        return '"' + "".join(f"\\u{ord(char):04x}" for char in text) + '"'
    return json.dumps(text, ensure_ascii=how == "ascii")


@st.composite
def rows(draw: st.DrawFn) -> bytes:
    """Rows whose texts may be equal, or hide in each other, in any spelling."""
    note, asked, said, teacher = (spelt(draw(TEXTS), draw(SPELLINGS)) for _ in range(4))
    user = f'{{"role": "user", "content": {asked}}}'
    answer = f'{{"content": {said}, "role": "assistant"}}'
    row = (
        f'{{"note": {note}, "big": {10**30}, "messages": [{user}, {answer}], "teacher": {teacher}}}'
    )
    return row.encode()


@given(raw=rows(), new=TEXTS, teacher=st.none() | st.just("Clean"))
def test_only_what_is_meant_changes(raw: bytes, new: str, teacher: str | None) -> None:
    old = record(raw, teacher="teacher")
    changed = replacing.replace(old, {1: new}, teacher)
    before, after = json.loads(raw), json.loads(changed.raw)
    assert after["messages"][1]["content"] == new
    if teacher and before["teacher"]:
        assert after["teacher"] == changed.teacher == "Clean"
        before["teacher"] = "Clean"
    before["messages"][1]["content"] = new
    assert after == before


@given(raw=rows(), text=TEXTS)
def test_what_is_found_soon_is_what_is_found_surely_or_is_read_back(raw: bytes, text: str) -> None:
    answer = json.loads(raw)["messages"][1]["content"]
    found = splice.find(raw, answer)
    if found and found != splice.locate(raw, ("messages", 1, "content")):
        wrong = splice.splice(raw, [(*found, splice.encode("something else"))])
        assert json.loads(wrong)["messages"][1]["content"] == answer  # seen when it is read back


def test_a_teacher_goes_where_the_old_one_was_named() -> None:
    raw = b'{"messages": [{"role": "assistant", "content": "x"}], "model": "Old", "note": "Old"}'
    new = replacing.replace(record(raw), {0: "y"}, "New")
    assert new.raw == raw.replace(b'"x"', b'"y"').replace(b'"model": "Old"', b'"model": "New"')


def test_a_row_that_names_no_teacher_gets_no_field() -> None:
    raw = b'{"messages": [{"role": "assistant", "content": "x"}]}'
    new = replacing.replace(record(raw), {0: "y"}, "New")
    assert new.raw == raw.replace(b'"x"', b'"y"')
    assert new.teacher == "New"


def test_the_parts_of_an_alpaca_prompt_are_divided_as_before() -> None:
    raw = b'{"instruction": "Mail\\n\\nAnn now", "input": "ann@x.org", "output": "done"}'
    new = replacing.replace(record(raw, "alpaca"), {0: "Mail\n\n[name] now\n\n[mail]"})
    assert json.loads(new.raw) == {
        "instruction": "Mail\n\n[name] now",
        "input": "[mail]",
        "output": "done",
    }


@pytest.mark.parametrize(
    ("raw", "shape", "texts"),
    [
        pytest.param(
            b'{"chosen": "\\n\\nHuman: a\\n\\nAssistant: b", '
            b'"rejected": "\\n\\nHuman: a\\n\\nAssistant: c"}',
            "preference",
            {0: "x"},
            id="a prompt that stands twice",
        ),
        pytest.param(
            b'{"chosen": "\\n\\nHuman: a\\n\\nAssistant: b", '
            b'"rejected": "\\n\\nHuman: a\\n\\nAssistant: c"}',
            "preference",
            {1: "well\n\nHuman: and me?"},
            id="a speaker mark",
        ),
    ],
)
def test_a_text_that_cannot_stand_is_refused(raw: bytes, shape: str, texts: dict[int, str]) -> None:
    with pytest.raises(NotARecord):
        replacing.replace(record(raw, shape), texts)
