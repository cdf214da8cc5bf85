"""An edit of a text in pieces changes the pieces it touches, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import NotARecord
from curate.io.shapes.dividing import divide
from curate.records import JOIN

WORDS = st.text(st.sampled_from("ab\n"), max_size=6)


@given(old=st.lists(WORDS, min_size=1, max_size=4), text=WORDS | st.lists(WORDS).map(JOIN.join))
def test_what_is_divided_is_the_text(old: list[str], text: str) -> None:
    try:
        new = divide(old, text)
    except NotARecord:
        assert len(old) > 1
    else:
        assert JOIN.join(new) == text
        assert len(new) == len(old)


@given(old=st.lists(WORDS, min_size=1, max_size=4))
def test_what_did_not_change_is_divided_as_before(old: list[str]) -> None:
    assert divide(old, JOIN.join(old)) == old


@given(
    old=st.lists(WORDS.map(lambda word: f"({word})"), min_size=1, max_size=4, unique=True),
    data=st.data(),
)
def test_an_edit_inside_one_piece_changes_that_piece(old: list[str], data: st.DataObject) -> None:
    """Also one that adds blank lines, or takes some away."""
    number = data.draw(st.integers(0, len(old) - 1))
    start, end = sorted(data.draw(st.tuples(*[st.integers(1, len(old[number]) - 1)] * 2)))
    changed = old[number][:start] + data.draw(WORDS) + old[number][end:]
    new = [*old[:number], changed, *old[number + 1 :]]
    assert divide(old, JOIN.join(new)) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(["a S", "S b"], ["a x", "x b"], id="both"),
        pytest.param(["a S\n", "S b"], ["a x\n", "x b"], id="a-line-end-before-the-join"),
        pytest.param(["a S", "\nS b"], ["a x", "\nx b"], id="a-line-end-after-the-join"),
        pytest.param(["S\n\nb", "c\n\nS"], ["x\n\nb", "c\n\nx"], id="blank-lines-within"),
        pytest.param(["S", "b\n\nb", "S"], ["x", "b\n\nb", "x"], id="first-and-last"),
        pytest.param(["b", "S\n\nS", "b"], ["b", "x", "b"], id="a-blank-line-less-in-one"),
        pytest.param(["S", "S", "b\n\n"], ["x", "y", "b\n\n"], id="blank-lines-at-the-end"),
        pytest.param(["S", "", "S"], ["x", "", "y"], id="an-empty-one"),
        pytest.param(["S", "b"], ["", "b"], id="one-becomes-empty"),
    ],
)
def test_pieces_are_parted_where_they_were(old: list[str], new: list[str]) -> None:
    assert divide(old, JOIN.join(new)) == new


@pytest.mark.parametrize(
    ("old", "text"),
    [
        pytest.param(["S\n\nS", "S"], "x\n\nx", id="fewer-blank-lines"),
        pytest.param(["S", "S"], "x\n\ny\n\nx", id="more-blank-lines"),
        pytest.param(["S", "S"], "x\n\n\nx", id="a-longer-one"),
        pytest.param(["a", "b"], "quite another text", id="another-text"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(old: list[str], text: str) -> None:
    with pytest.raises(NotARecord, match="several pieces"):
        divide(old, text)


def test_an_edit_at_a_seam_is_refused() -> None:
    with pytest.raises(NotARecord):
        divide(["a S", "S b"], "a x b")
