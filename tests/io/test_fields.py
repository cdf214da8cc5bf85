"""Paths as users write them, and the view they make."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import UsageError
from curate.io import fields, shapes
from curate.records import Path, Record

TEXT = shapes.get("text")


def record(row: object, **places: object) -> Record:
    return Record(json.dumps(row).encode(), 1, "f", fields.view(TEXT, **places))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("model", ("model",)),
        ("choices.0.message", ("choices", 0, "message")),
        ("turns.-1", ("turns", -1)),
        (r"a\.b.c", ("a.b", "c")),
        (r"a\\.b", ("a\\", "b")),
        (r"by_rank.\0", ("by_rank", "0")),
        ("6b_solution", ("6b_solution",)),
        ("chosen-model", ("chosen-model",)),
        ("--1.\xb2", ("--1", "\xb2")),
        ("r\xe9ponse ici", ("r\xe9ponse ici",)),
    ],
)
def test_path(text: str, path: Path) -> None:
    assert fields.path(text) == path


@given(st.lists(st.text(min_size=1) | st.integers(), min_size=1))
def test_every_path_can_be_written(steps: list[str | int]) -> None:
    written = ".".join(
        str(step) if isinstance(step, int) else "".join(f"\\{letter}" for letter in step)
        for step in steps
    )
    assert fields.path(written) == tuple(steps)


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a\\"])
def test_a_malformed_path_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="is no path"):
        fields.path(text)


@pytest.mark.parametrize(
    ("row", "teacher"),
    [
        ({"metadata": {"teacher": "a", "model": "b"}, "model": "c"}, "a"),
        ({"metadata": {"model": "b"}, "model": "c"}, "b"),
        ({"metadata": None, "model": "c", "generator": "d"}, "c"),
        ({"model": {"not": "a name"}, "generator": "d"}, "d"),
        ({"text": "x"}, None),
    ],
)
def test_the_usual_places_of_a_teacher(row: object, teacher: str | None) -> None:
    assert record(row).teacher == teacher


def test_the_usual_places_of_the_rest() -> None:
    seen = record({"id": 7, "metadata": {"source": "web", "prompt_id": "p1"}, "text": "x"})
    assert (seen.id, seen.source) == ("7", "web")
    assert seen.prompt_key == record({"question_id": "p1", "text": "other"}).prompt_key


def test_places_the_user_names_replace_the_usual_ones() -> None:
    row = {"model": "usual", "who": {"wrote": "mine"}, "text": "x"}
    assert record(row, teacher="who.wrote").teacher == "mine"
    assert record(row, teacher=["nowhere", "who.wrote"]).teacher == "mine"
    assert record(row, teacher=[]).teacher is None
    assert record(row, teacher="nowhere", teacher_is="default").teacher == "default"


def test_aliases_give_the_canonical_name() -> None:
    aliases = {"gpt-4": ["gpt-4-0314", "GPT4"]}
    names = ["gpt-4-0314", "GPT4", "gpt-4", "other"]
    found = [record({"model": name}, aliases=aliases).teacher for name in names]
    assert found == ["gpt-4", "gpt-4", "gpt-4", "other"]


@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        ({"a": ["x"], "b": ["x"]}, "'x' names both 'a' and 'b'"),
        ({"a": ["b"], "b": ["c"]}, "'b' is a teacher, and another name of 'a'"),
    ],
)
def test_a_name_that_stands_for_two_teachers_is_refused(
    aliases: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        fields.view(TEXT, aliases=aliases)
