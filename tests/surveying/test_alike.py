"""Which names may mean one teacher."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.io import fields, shapes
from curate.surveying.alike import alike


def groups(*names: str) -> list[list[str]]:
    found = alike({name: len(names) - n for n, name in enumerate(names)})
    return [[each.name, *each.others] for each in found]


@pytest.mark.parametrize(
    "names",
    [
        ("gpt-4", "GPT-4"),
        ("gpt-4", "openai/gpt-4"),
        ("gpt-4", "gpt_4", "gpt 4", "gpt4"),
        ("teacher-b", "teacher-b-2026-04"),
        ("gpt-4o", "gpt-4o-2024-08-06", "openai/GPT-4o"),
    ],
    ids=str,
)
def test_one_teacher_written_differently(names: tuple[str, ...]):
    (group,) = groups(*names)
    assert group[0] == names[0]
    assert set(group) == set(names)


@pytest.mark.parametrize(
    "names",
    [
        ("gpt-4", "gpt-4o"),
        ("gpt-4-0314", "gpt-4-0613"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
        ("llama-2-7b", "llama-2-70b"),
        ("a/", "b/"),
        ("?", "!"),
    ],
    ids=str,
)
def test_two_teachers(names: tuple[str, ...]):
    assert groups(*names) == []


def test_the_name_with_the_most_rows_comes_first():
    (group,) = alike({"a": 1, "A": 5, "x/a": 2})
    assert (group.name, group.others) == ("A", ("x/a", "a"))


@given(st.lists(st.text("aA-/ 2026_1", max_size=12), max_size=12, unique=True))
def test_the_groups_are_aliases_that_a_plan_takes(names: list[str]):
    found = alike(dict.fromkeys(names, 1))
    members = [name for each in found for name in (each.name, *each.others)]
    assert len(members) == len(set(members))
    assert set(members) <= set(names)
    fields.view(shapes.get("messages"), aliases={each.name: each.others for each in found})
