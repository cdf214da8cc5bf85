"""Names of a corpus come out of a plan as they went in, whatever they are."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate import plan_file
from curate.drafting.quoting import argument, can_stand, flow, options, pattern, quoted
from curate.surveying.names import LONGEST

names = st.text(st.characters(), min_size=1, max_size=12) | st.sampled_from(
    ["no", "null", "true", "1e3", "~", "a: b", "# x", "{{ x }}", "'", '"', "- a", "!tag", "\ud83d",
     "\x7f", "\x85", "\u2028", "\ufffe", "a\nb", "\\", "*", "&a", "%", "@"]
)  # fmt: skip
lists = st.lists(names, max_size=6)


def read(text: str) -> object:
    value, mistakes = plan_file.read(text, "plan")
    mistakes.raise_any()
    return value


@given(names)
def test_a_quoted_name_is_one_line_of_ascii(name: str):
    text = quoted(name)
    assert text.isascii()
    assert text.isprintable()
    assert read(f"x: {text}") == {"x": name}


@given(st.dictionaries(st.sampled_from(["a", "b_c"]), names | lists | st.integers(), min_size=1))
def test_options_are_read_back(given_options: dict[str, object]):
    text = "\n".join(options(given_options, "  "))
    assert text.isascii()
    assert read(f"x:\n{text}") == {"x": {"with": given_options}}
    assert read(f"x: {flow(given_options)}") == {"x": given_options}


@given(names, names)
def test_a_pattern_is_like_its_name_alone(name: str, other: str):
    assert fnmatchcase(name, pattern(name))
    assert fnmatchcase(other, pattern(name)) == (other == name)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("a.jsonl", "a.jsonl"), ("a b*", "'a b*'"), ("é'", "'é'\"'\"''"), ("a\nb", "CORPUS"),
     ("\udcff", "CORPUS")],
)  # fmt: skip
def test_an_argument_is_what_one_types(name: str, typed: str):
    assert argument(name) == typed


def test_a_name_that_may_have_been_cut_off_cannot_stand_in_a_plan():
    assert can_stand("n" * (LONGEST - 1))
    assert not can_stand("n" * LONGEST)
    assert not can_stand("\ud83d")
