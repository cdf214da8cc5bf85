"""New texts and a new teacher in a row, and nothing else changed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import NotARecord
from curate.io import fields, replacing, shapes, splice
from curate.io.shapes.transcript import turns as turns_of
from curate.records import Record

TEXTS = st.text(st.sampled_from('ab"\\é☃\n /u0062'), max_size=8)
HH = "\n\nHuman: a\n\nAssistant: b\n\nHuman: a\n\nAssistant: {}"
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(("Mail\n\nAnn now", "ann@x"), ("Mail\n\n[a] now", "[b]"), id="both"),
        pytest.param(("S\n\nS b", "c\n\nd"), ("[x] b", "c\n\nd"), id="one-blank-line-less"),
        pytest.param(("b", "c\n\nS\n\nS"), ("b", "c\n\n[x]"), id="one-less-in-the-input"),
        pytest.param(("b\n\nc", "S"), ("b\n\nc", "x\n\ny"), id="one-more-in-the-input"),
        pytest.param(("", "S"), ("", "[x]"), id="an-empty-instruction"),
    ],
)
@pytest.mark.parametrize("teacher", ["Clean", None])
def test_the_parts_of_an_alpaca_prompt_are_divided_as_before(
    old: tuple[str, str], new: tuple[str, str], teacher: str | None
) -> None:
    row = {"instruction": old[0], "input": old[1], "output": "done"}
    changed = replace(row, "alpaca", {0: "\n\n".join(new)}, teacher)
    assert changed == row | {"instruction": new[0], "input": new[1]}


def replace(row: Any, shape: str, texts: dict[int, str], teacher: str | None = None) -> Any:
    """The row as it is read after the texts were replaced."""
    return json.loads(
        replacing.replace(record(json.dumps(row).encode(), shape), texts, teacher).raw
    )


PICTURE = {"type": "image_url", "image_url": {"url": "x"}}


def said(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("old", "texts", "new"),
    [
        pytest.param(
            {"reasoning_content": "let me think", "content": "write to a@b.c"},
            {0: "let me think\n\nwrite to [mail]"},
            {"reasoning_content": "let me think", "content": "write to [mail]"},
            id="the-answer",
        ),
        pytest.param(
            {"reasoning_content": "to a@b.c,\n\na@b.c", "content": "it\n\nis done"},
            {0: "to [mail]\n\nit\n\nis done"},
            {"reasoning_content": "to [mail]", "content": "it\n\nis done"},
            id="the-reasoning",
        ),
        pytest.param(
            {"reasoning_content": "to a@b.c", "content": "write to a@b.c"},
            {0: "to [mail]\n\nwrite to [mail]"},
            {"reasoning_content": "to [mail]", "content": "write to [mail]"},
            id="both",
        ),
        pytest.param(
            {"content": [said("one a@b.c"), PICTURE, said("two")]},
            {0: "one [mail]\n\ntwo"},
            {"content": [said("one [mail]"), PICTURE, said("two")]},
            id="the-first-part",
        ),
        pytest.param(
            {"content": [said("a@b.c"), PICTURE, said(""), said("two"), "to a@b.c"]},
            {0: "[mail]\n\ntwo\n\nto [mail]"},
            {"content": [said("[mail]"), PICTURE, said(""), said("two"), "to [mail]"]},
            id="the-outer-parts",
        ),
        pytest.param(
            {"content": None, "reasoning": "to a@b.c", "tool_calls": [{"name": "f"}]},
            {0: "to [mail]"},
            {"content": None, "reasoning": "to [mail]", "tool_calls": [{"name": "f"}]},
            id="reasoning-alone",
        ),
        pytest.param(
            {
                "content": [
                    said("see"),
                    {"type": "tool_result", "content": [said("for"), PICTURE, said("a@b.c")]},
                ]
            },
            {1: "for\n\n[mail]"},
            {
                "content": [
                    said("see"),
                    {"type": "tool_result", "content": [said("for"), PICTURE, said("[mail]")]},
                ]
            },
            id="parts-of-a-tool-result",
        ),
    ],
)
def test_an_edit_changes_only_the_pieces_it_touches(
    old: Any, texts: dict[int, str], new: Any
) -> None:
    row = {"messages": [{"role": "assistant", **old}]}
    assert replace(row, "messages", texts) == {"messages": [{"role": "assistant", **new}]}


def test_pieces_that_stay_keep_their_spelling() -> None:
    raw = b'{"messages": [{"role": "assistant", "reasoning": "caf\\u00e9", "content": "to a@b.c"}]}'
    new = replacing.replace(record(raw), {0: "caf\u00e9\n\nto [mail]"})
    assert new.raw == raw.replace(b"a@b.c", b"[mail]")


def test_an_answer_of_another_teacher_takes_the_place_of_the_reasoning_too() -> None:
    old = {"role": "assistant", "reasoning_content": "hm", "content": "x"}
    new = replace({"messages": [old]}, "messages", {0: "hm\n\nwell"}, "Clean")
    assert new == {"messages": [old | {"reasoning_content": "", "content": "hm\n\nwell"}]}


UTTERANCES = st.text(st.sampled_from('ab"\\é☃ /'), max_size=8).map("x".__add__)


@given(data=st.data(), old=st.lists(UTTERANCES, min_size=2, max_size=6))
def test_turns_of_a_transcript_change_together(data: st.DataObject, old: list[str]) -> None:
    """And the others keep their spelling."""
    texts = data.draw(st.dictionaries(st.integers(0, len(old) - 1), UTTERANCES))
    teacher = data.draw(st.none() | st.just("Clean"))
    spellings = [spelt(text, data.draw(SPELLINGS))[1:-1] for text in old]
    changed = [
        spelt(texts[n], "utf-8")[1:-1]
        if n in texts and (teacher or texts[n] != old[n])
        else spelling
        for n, spelling in enumerate(spellings)
    ]
    before = record(transcript(spellings), "preference")
    after = replacing.replace(before, texts, teacher)
    assert after.raw == transcript(changed)
    assert [turn.text for turn in after.turns[:-1]] == [texts.get(n, x) for n, x in enumerate(old)]


def transcript(spellings: list[str]) -> bytes:
    marks = ("\\n\\nHuman: ", "\\n\\nAssistant: ")
    chosen = "".join(marks[n % 2] + spelling for n, spelling in enumerate(spellings))
    return f'{{"chosen": "{chosen}", "n": 1.50, "rejected": "no"}}'.encode()


def test_both_answers_of_a_pair_of_transcripts_change_together() -> None:
    row = {"chosen": HH.format("b"), "rejected": HH.format("c")}
    new = replace(row, "preference", {3: "x", 4: "y"})
    assert new == {"chosen": HH.format("x"), "rejected": HH.format("y")}


PAIR = {"chosen": HH.format("b"), "rejected": HH.format("c")}


@pytest.mark.parametrize("texts", [{0: "x"}, {1: "x", 3: "y"}, {0: "a", 2: "b", 4: "c"}])
def test_a_prompt_that_stands_in_both_answers_changes_in_both(texts: dict[int, str]) -> None:
    new = replace(PAIR, "preference", texts)
    sides = [turns_of(new[side], (side,)) for side in ("chosen", "rejected")]
    chosen, rejected = ([turn.text for turn in side] for side in sides)
    assert chosen[:3] == rejected[:3]
    assert all(chosen[n] == text for n, text in texts.items() if n < 4)
    assert rejected[3] == texts.get(4, "c")
    assert chosen[3] == texts.get(3, "b")


def test_so_it_does_in_lists_of_messages() -> None:
    ask = [{"role": "user", "content": "tell S"}]
    sides = {
        side: [*ask, {"role": "assistant", "content": side}] for side in ("chosen", "rejected")
    }
    new = replace({"system": "S", **sides}, "preference", {1: "tell [x]"})
    assert [new[side][0]["content"] for side in sides] == ["tell [x]", "tell [x]"]
    assert new["system"] == "S"


REASONED = {"role": "assistant", "reasoning": "to S\n\nS", "content": "write to S"}


@pytest.mark.parametrize(
    ("row", "shape", "texts"),
    [
        pytest.param(
            PAIR | {"rejected": PAIR["rejected"].replace("Human: ", "Human: Oh, ", 1)},
            "preference",
            {0: "x"},
            id="a-prompt-that-is-another-one-in-the-other-answer",
        ),
        pytest.param(
            {"prompt": "q", "chosen": "a", "rejected": [{"role": "user", "content": "q"}]},
            "preference",
            {0: "x"},
            id="a-prompt-in-another-form",
        ),
        pytest.param(PAIR, "preference", {3: "well\n\nHuman: and me?"}, id="a-speaker-mark"),
        pytest.param(
            {"messages": [REASONED]},
            "messages",
            {0: "to [x]\n\nwrite to [x]"},
            id="pieces-that-cannot-be-told-apart",
        ),
        pytest.param(
            {"messages": [REASONED]}, "messages", {0: "write to S"}, id="a-piece-that-is-gone"
        ),
        pytest.param(
            {"instruction": "S\n\nS", "input": "S", "output": "o"},
            "alpaca",
            {0: "[x]\n\n[x]"},
            id="an-input-that-cannot-be-told-apart",
        ),
        pytest.param(
            {"instruction": "b", "input": "S", "output": "o"},
            "alpaca",
            {0: "b\n\n"},
            id="an-input-that-is-gone",
        ),
        pytest.param(
            {"messages": [{"role": "tool", "content": {"text": "S"}}]},
            "messages",
            {0: '{"text": "x"}'},
            id="a-result-that-is-data",
        ),
    ],
)
def test_a_text_that_cannot_stand_is_refused(row: Any, shape: str, texts: dict[int, str]) -> None:
    with pytest.raises(NotARecord):
        replace(row, shape, texts)


MANY = 20_000
WORDS = "word \u00e9 " * 12


def many(shape: str) -> Any:
    """A row of two megabytes, many of whose texts are equal."""
    texts = [f"{WORDS}{n // 4}" for n in range(MANY)]
    if shape == "preference":
        marks = ("\n\nHuman: ", "\n\nAssistant: ")
        return {
            "chosen": "".join(marks[n % 2] + text for n, text in enumerate(texts)),
            "rejected": "r",
        }
    if shape == "parts":
        return {"messages": [{"role": "assistant", "content": [said(text) for text in texts]}]}
    return {"messages": [{"role": "user", "content": text} for text in texts]}


@pytest.mark.parametrize("shape", ["messages", "parts", "preference"])
def test_the_row_is_not_searched_for_each_turn(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To seek each of many turns in the whole row would take time by the square of its length."""
    searches = 0

    def counting(search: Callable[..., Any]) -> Callable[..., Any]:
        def search_and_count(*arguments: Any) -> Any:
            nonlocal searches
            searches += 1
            return search(*arguments)

        return search_and_count

    for name in ("find", "locate", "places"):
        monkeypatch.setattr(splice, name, counting(getattr(splice, name)))
    row = json.dumps(many(shape)).encode()
    old = record(row, "preference" if shape == "preference" else "messages")
    texts = {
        n: turn.text.replace("word", "x") for n, turn in enumerate(old.turns) if "word" in turn.text
    }
    new = replacing.replace(old, texts)
    assert searches < 10
    assert new.raw == row.replace(b"word", b"x").replace(b"\\u00e9", "\u00e9".encode())
