"""An excerpt leaves out, and says how much."""

from hypothesis import given
from hypothesis import strategies as st

from curate.looking.excerpts import AROUND, LIMIT, pieces
from curate.looking.marks import Mark, ranges

texts = st.integers(0, 5000).map(lambda size: "".join(chr(97 + n % 26) for n in range(size)))
marks = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 900)).map(
        lambda place: Mark(0, place[0], sum(place))
    ),
    max_size=12,
)


@given(texts, marks, st.sampled_from([None, LIMIT, 200]))
def test_what_is_shown_and_what_is_left_out_make_the_text(
    text: str, found: list[Mark], limit: int | None
) -> None:
    matches = ranges(found, 0, len(text))
    at = 0
    for piece in pieces(text, matches, limit):
        if piece.left_out:
            at += piece.left_out
            continue
        assert piece.text
        assert text[at : at + len(piece.text)] == piece.text
        inside = any(low <= at and at + len(piece.text) <= high for low, high in matches)
        outside = all(high <= at or at + len(piece.text) <= low for low, high in matches)
        assert inside if piece.match else outside
        at += len(piece.text)
    assert at == len(text)


@given(texts, marks)
def test_an_excerpt_is_short(text: str, found: list[Mark]) -> None:
    shown = pieces(text, ranges(found, 0, len(text)))
    assert sum(len(piece.text) for piece in shown) <= LIMIT + 2 * AROUND


def test_a_match_in_the_middle_of_a_long_text_is_shown() -> None:
    text = "a" * 5000 + "MATCH" + "b" * 5000
    shown = list(pieces(text, [(5000, 5005)]))
    assert [piece.text for piece in shown if piece.match] == ["MATCH"]
    assert [piece.left_out for piece in shown if piece.left_out] == [4850, 4850]


def test_a_long_match_is_shown_at_both_ends() -> None:
    shown = list(pieces("x" * 10_000, [(1000, 9000)]))
    assert [len(piece.text) for piece in shown if piece.match] == [AROUND, AROUND]


def test_a_long_text_without_matches_is_shown_at_both_ends() -> None:
    shown = list(pieces("a" * 2000 + "z" * 2000, []))
    assert [piece.text[:1] for piece in shown] == ["a", "", "z"]
