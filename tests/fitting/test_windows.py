from hypothesis import given
from hypothesis import strategies as st

from curate.fitting import windows


@given(st.text("ab  \n", max_size=200), st.integers(2, 50))
def test_windows_cover_a_text_in_order(text: str, window: int) -> None:
    places = list(windows.cut(text, window))
    assert "".join(text[start:end] for start, end in places) == text
    assert all(end - start <= window for start, end in places)
    assert len(places) <= max(1, 2 * len(text) / window + 1)


def test_words_stay_whole_where_they_fit() -> None:
    text = "one two three four five six"
    assert [text[slice(*place)] for place in windows.cut(text, 10)] == [
        "one two ", "three ", "four five ", "six",
    ]  # fmt: skip


def test_a_word_longer_than_a_window_is_cut() -> None:
    assert list(windows.cut("x" * 25, 10)) == [(0, 10), (10, 20), (20, 25)]


def test_a_window_fits_99_of_100_texts_within_limits() -> None:
    assert windows.fitting([300] * 99 + [5000]) == 300
    assert windows.fitting([5]) == windows.LEAST
    assert windows.fitting([100_000] * 3) == windows.MOST
