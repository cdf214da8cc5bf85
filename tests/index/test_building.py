"""Every row read is in the index or left out for a reason, and the order of files is no matter."""

import gzip
import json
from collections import defaultdict
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate import plan
from curate.errors import CurateError, InputError, UsageError
from curate.index.keys import keys
from curate.index.lookup import Index
from curate.index.rollout import Rollout
from curate.records import Record
from rollout_rows import Row, built, line, record, row, write

GOOD = row("Why?", "Because.", "a", source="s")


def everything(path: Path, rows: list[Row]) -> list[Rollout]:
    """The rollouts of all prompts of some rows."""
    with Index(path) as index:
        index.check()
        found = index.find(each.normalised for row in rows if (each := keys(record(row))))
        return [rollout for some in found.values() for rollout in some]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"messages": ', "not_json"),
        (b'{"messages": "\xff"}', "not_utf8"),
        (b'{"other": 1}', "not_a_record"),
        (b"[1]", "not_a_record"),
        (line({"messages": [{"role": "user", "content": "Why?"}], "teacher": "a"}), "no_response"),
        (line(row("Why?", "", "a")), "blank_response"),
        (line(row("Why?", " \n", "a")), "blank_response"),
        (line(row(" ", "Because.", "a")), "no_prompt"),
        (line(row("Why?", "Because.")), "no_teacher"),
        (line(row("Why?", "Because.", "b")), "other_teacher"),
        (line(GOOD), "identical"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_use_is_left_out_and_counted(tmp_path: Path, bad: bytes, reason: str):
    corpus = tmp_path / "c.jsonl"
    corpus.write_bytes(line(GOOD) + b"\n\n" + bad + b"\r\n")
    facts = built(tmp_path / "i", corpus, teachers=["a"])
    assert (facts.read, facts.rows, facts.left_out) == (2, 1, {reason: 1})


def test_a_rollout_says_where_it_comes_from(tmp_path: Path):
    corpus = write(tmp_path / "c.jsonl", [row("How?", "So.", "a"), GOOD])
    built(tmp_path / "i", corpus)
    (found,) = everything(tmp_path / "i", [GOOD])
    assert found.place == f"{corpus}:2"
    assert found.digest.hex() == record(GOOD).digest
    assert (found.text, found.teacher, found.source, found.cut) == ("Because.", "a", "s", False)


@pytest.mark.parametrize(
    ("said", "cut"),
    [
        ({"finish_reason": "length"}, True),
        ({"metadata": {"finish_reason": "length"}}, True),
        ({"stop_reason": "max_tokens"}, True),
        ({"choices": [{"finish_reason": "MAX_TOKENS"}]}, True),
        ({"finish_reason": "stop", "stop_reason": "max_tokens"}, False),
        ({"finish_reason": None, "stop_reason": "max_tokens"}, True),
        ({"finish_reason": 3}, False),
        ({}, False),
    ],
    ids=json.dumps,
)
def test_a_row_says_that_it_was_cut_off(tmp_path: Path, said: Row, cut: bool):
    facts = built(tmp_path / "i", write(tmp_path / "c.jsonl", [GOOD | said]))
    assert facts.cut_off == cut
    assert [each.cut for each in everything(tmp_path / "i", [GOOD])] == [cut]


def test_of_identical_rollouts_the_whole_one_and_then_the_first_place_is_kept(tmp_path: Path):
    one = write(tmp_path / "1.jsonl", [GOOD | {"finish_reason": "length"}])
    two = write(tmp_path / "2.jsonl", [row("x", "y", "a"), GOOD | {"id": "2"}, GOOD | {"id": "3"}])
    for n, order in enumerate(permutations([one, two])):
        assert built(tmp_path / str(n), *order).left_out == {"identical": 2}
        (found,) = everything(tmp_path / str(n), [GOOD])
        assert (found.place, found.cut) == (f"{two}:2", False)


def test_a_plan_says_how_rows_are_read(tmp_path: Path):
    text = "input: {shape: {prompt: q, response: a}, teacher: who, aliases: {gpt-4: [g4]}}"
    corpus = write(tmp_path / "c.jsonl", [{"q": "Why?", "a": "Because.", "who": "g4"}])
    facts = built(tmp_path / "i", corpus, settings=plan.loads(text).plan.input)
    assert facts.teachers == {"gpt-4": 1}
    assert len(everything(tmp_path / "i", [GOOD])) == 1


@pytest.mark.parametrize("name", ["c.json", "c.jsonl.gz"])
def test_arrays_and_compressed_corpora(tmp_path: Path, name: str):
    corpus = tmp_path / name
    if name == "c.json":
        corpus.write_text(json.dumps([GOOD]))
    else:
        corpus.write_bytes(gzip.compress(line(GOOD)))
    assert built(tmp_path / "i", corpus).rows == 1


TEACHERS = st.sampled_from(["a", "b", "\ud800", "c"])
PROMPTS = st.sampled_from(["Why?", "why?", "WHY? ", "How?", "Wo\u0308?", "W\u00f6?"])
ROWS = st.lists(
    st.builds(
        lambda system, prompt, answer, teacher, source: row(
            [("system", system), ("user", prompt)], answer, teacher, source=source
        ),
        st.sampled_from(["", "Be brief.", "be  brief."]),
        PROMPTS,
        st.sampled_from(["x", "y", "\ud800", "\0", "x" * 20_000]),
        TEACHERS,
        st.sampled_from([None, "s", "t"]),
    ),
    min_size=1,
    max_size=30,
)


@given(rows=ROWS, files=st.integers(1, 3), data=st.data())
@settings(max_examples=40)
def test_the_content_does_not_depend_on_the_order_of_files(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], files: int, data: st.DataObject
):
    folder = tmp_path_factory.mktemp("order")
    corpora = [write(folder / f"{n}.jsonl", rows[n::files]) for n in range(files)]
    shuffled = data.draw(st.permutations(corpora))
    one, other = built(folder / "1", *corpora), built(folder / "2", *shuffled)
    assert one.content == other.content
    assert everything(folder / "1", rows) == everything(folder / "2", rows)
    assert one.read == one.rows + sum(one.left_out.values()) == len(rows)


@given(rows=ROWS)
@settings(max_examples=40)
def test_every_rollout_is_found_by_its_prompt_and_never_by_another(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
):
    folder = tmp_path_factory.mktemp("all")
    built(folder / "i", write(folder / "c.jsonl", rows))
    records = [record(each) for each in rows]
    alike, same = defaultdict(set), defaultdict(set)
    for each in records:
        alike[asked(each)].add((each.teacher, each.response))
        same[each.prompt].add((each.teacher, each.response))
    with Index(folder / "i") as index:
        for each in records:
            prompt = keys(each)
            assert prompt is not None
            found = index.find([prompt.normalised])[prompt.normalised]
            assert {(one.teacher, one.text) for one in found} == alike[asked(each)]
            exact = {(one.teacher, one.text) for one in found if one.exact == prompt.exact}
            assert exact == same[each.prompt]


def asked(each: Record) -> tuple[str, ...]:
    """The words of a prompt made of `PROMPTS`, without case and blanks."""
    texts = (turn.text.replace("o\u0308", "\u00f6") for turn in each.turns[:-1])
    return tuple(" ".join(text.casefold().split()) for text in texts)


def test_nothing_is_written_over(tmp_path: Path):
    corpus = write(tmp_path / "c.jsonl", [GOOD])
    out = tmp_path / "i"
    built(out, corpus, force=False)
    with pytest.raises(UsageError, match=r"i: exists; .* --force"):
        built(out, corpus, force=False)
    with pytest.raises(UsageError, match="is no index, so it is not replaced"):
        built(corpus, corpus)
    with pytest.raises(UsageError, match="there is no folder"):
        built(tmp_path / "none" / "i", corpus)
    assert corpus.read_bytes() == line(GOOD) + b"\n"


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path):
    corpus = write(tmp_path / "c.jsonl", [GOOD])
    out = tmp_path / "i"
    before = built(out, corpus).content
    broken = tmp_path / "b.jsonl.gz"
    broken.write_bytes(gzip.compress(line(GOOD) * 1000)[:-20])
    with pytest.raises(InputError, match="broken"):
        built(out, corpus, broken)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.jsonl.gz", "c.jsonl", "i"]
    with Index(out) as index:
        assert index.facts.content == before


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([row("Why?", "x")], {}, r"nothing to index in 1 rows \(no_teacher 1\); say who wrote"),
        ([], {}, "nothing to index in 0 rows"),
        ([GOOD], {"teachers": ["A"]}, r"no response is by teacher 'A'; known: a"),
        ([GOOD], {"teachers": ["a", "gpt"]}, "no response is by teacher 'gpt'"),
    ],
    ids=["no teacher", "empty", "another teacher", "one of two"],
)
def test_an_index_of_nothing_is_refused(tmp_path: Path, rows, options, told: str):
    with pytest.raises(CurateError, match=told):
        built(tmp_path / "i", write(tmp_path / "c.jsonl", rows), **options)
    assert not (tmp_path / "i").exists()


def test_who_wrote_rows_that_name_nobody(tmp_path: Path):
    rows = [row("Why?", "x"), GOOD]
    corpus = write(tmp_path / "c.jsonl", rows)
    facts = built(tmp_path / "i", corpus, settings=plan.Input(teacher_is="b"))
    assert facts.teachers == {"b": 1, "a": 1}
