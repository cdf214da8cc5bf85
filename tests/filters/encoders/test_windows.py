"""Windows cover every token, overlap as asked, and are one where a text fits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from curate.filters.encoders.windows import Window, windows


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, int, int]:
    size = draw(st.integers(1, 40))
    return draw(st.integers(0, 400)), size, draw(st.integers(0, size - 1))


@given(cuts())
def test_every_token_is_in_a_window_and_windows_stay_in_order(cut: tuple[int, int, int]) -> None:
    count, size, overlap = cut
    made = list(windows(3, count, size, overlap))
    assert {token for each in made for token in range(each.start, each.end)} == set(range(count))
    assert all(0 < each.end - each.start <= size and each.text == 3 for each in made)
    assert made == sorted(made)


@given(cuts())
def test_neighbours_share_the_overlap_and_all_but_the_last_are_full(
    cut: tuple[int, int, int],
) -> None:
    count, size, overlap = cut
    made = list(windows(0, count, size, overlap))
    assert all(each.end - each.start == size for each in made[:-1])
    pairs = list(pairwise(made))
    assert all(one.end - other.start == overlap for one, other in pairs)
    assert all(other.end > one.end for one, other in pairs)  # each brings something new


@given(cuts())
def test_there_is_one_window_exactly_where_a_text_fits(cut: tuple[int, int, int]) -> None:
    count, size, overlap = cut
    assert (len(list(windows(0, count, size, overlap))) == 1) == (0 < count <= size)


def test_by_hand() -> None:
    assert list(windows(7, 10, 4, 1)) == [Window(7, 0, 4), Window(7, 3, 7), Window(7, 6, 10)]
    assert list(windows(7, 0, 4, 1)) == []
