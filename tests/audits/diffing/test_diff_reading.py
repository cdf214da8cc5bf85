"""Corpora with their answers beside each other, prompt by prompt."""

import json
from pathlib import Path

import pytest

from curate.api import Context
from curate.audits.diffing import reading
from curate.errors import InputError
from curate.rewriters.replay import Replay


def _file(path: Path, rows: list[tuple[str, str]], teacher: str = "one") -> list[str]:
    path.write_text(
        "".join(
            json.dumps({"id": f"{n}", "prompt": asked, "response": said, "teacher": teacher}) + "\n"
            for n, (asked, said) in enumerate(rows)
        )
    )
    return [str(path)]


def _original(tmp_path: Path) -> reading.Corpus:
    rows = [("Why?", "Because."), ("How?", "So."), ("When?", "Now.")]
    return reading.read(_file(tmp_path / "original.jsonl", rows))


def _clean(rows: tuple) -> list[str | None]:
    return [row.clean[-1].content if row.clean else None for row in rows]


def test_a_prompt_is_found_by_its_words_whatever_the_order(tmp_path: Path):
    other = _file(tmp_path / "b.jsonl", [("  HOW?", "Well."), ("Where?", "X"), ("why?", "Oh.")])
    rows = reading.with_answers(_original(tmp_path).rows, reading.read(other).rows)
    assert _clean(rows) == ["Oh.", "Well.", None]
    assert rows[0].clean[:-1] == rows[0].prompt  # the prompt stays as the original has it


def test_several_answers_to_a_prompt_are_taken_in_turn(tmp_path: Path):
    same = reading.read(_file(tmp_path / "a.jsonl", [("Why?", f"{n}") for n in range(3)]))
    twice = reading.read(_file(tmp_path / "b.jsonl", [("Why?", "x"), ("Why?", "y")]))
    assert _clean(reading.with_answers(same.rows, twice.rows)) == ["x", "y", "y"]


def test_sides_without_a_common_prompt_are_refused(tmp_path: Path):
    other = reading.read(_file(tmp_path / "b.jsonl", [("Where?", "Here.")]))
    with pytest.raises(InputError, match="of 3 original prompts none is among the 1 switched"):
        reading.with_answers(_original(tmp_path).rows, other.rows)


def test_the_same_answers_again_are_refused(tmp_path: Path):
    original = _original(tmp_path)
    with pytest.raises(InputError, match="word for word"):
        reading.with_answers(original.rows, original.rows)


def test_an_index_answers_as_a_file_does(tmp_path: Path):
    (other,) = _file(tmp_path / "b.jsonl", [("Why?", "Oh."), ("How?", "Well.")], "two")
    replay, ctx = Replay(index=Path(other)), Context(cache=tmp_path / "cache")
    rows = reading.with_rewriter(_original(tmp_path), replay, ctx)
    assert _clean(rows) == ["Oh.", "Well.", None]


def test_an_index_that_answers_nothing_says_why(tmp_path: Path):
    (other,) = _file(tmp_path / "b.jsonl", [("Where?", "Here.")], "two")
    replay, ctx = Replay(index=Path(other)), Context(cache=tmp_path / "cache")
    with pytest.raises(InputError, match=r"no answer to any of 3 rows.*no_match"):
        reading.with_rewriter(_original(tmp_path), replay, ctx)


def test_what_students_cannot_learn_is_counted(tmp_path: Path):
    (path,) = _file(tmp_path / "a.jsonl", [("Why?", "Because."), ("How?", " ")])
    with open(path, "a") as file:
        file.write("no json\n")
    corpus = reading.read([path])
    assert len(corpus.rows) == 1
    assert sum(corpus.left_out.values()) == 2


def test_a_file_without_a_row_to_learn_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no row a student could learn"):
        reading.read(_file(tmp_path / "a.jsonl", [("How?", " ")]))


def test_rows_of_one_id_are_told_apart(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "7", "prompt": "Why?", "response": "So."}\n' * 2)
    assert [row.key for row in reading.read([str(path)]).rows] == ["7", "7#1"]


def test_lessons_of_two_teachers_are_paired_by_their_prompts(tmp_path: Path):
    one = reading.read(_file(tmp_path / "a.jsonl", [("Why?", "a"), ("How?", "b")]))
    two = reading.read(_file(tmp_path / "b.jsonl", [("How?", "c"), ("Why?", "d")]))
    first, second = reading.lessons(one.rows), reading.lessons(two.rows)
    assert [each.key for each in first] == [each.key for each in second][::-1]
