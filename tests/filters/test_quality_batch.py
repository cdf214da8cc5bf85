import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curate.filters.quality import batch
from curate.filters.quality.batch import vector_measurer
from curate.filters.quality.grams import top_gram_chars
from curate.filters.quality.text import Text
from curate.filters.quality.words import whitespace
from quality_texts import ascii_texts, texts

pytest.importorskip("numpy")


def measured(some: list[str]) -> list[Text]:
    measure = vector_measurer([])
    assert measure is not None
    return list(measure(Text(text, whitespace) for text in some))


@example(["a " * 40, "ab c " * 40])
@given(st.lists(ascii_texts, max_size=12))
def test_counts_are_exact_and_bounds_sound(some: list[str]) -> None:
    for text, view in zip(some, measured(some), strict=True):
        plain = Text(text, whitespace)
        assert view.text == text
        assert (view.word_count, view.word_chars) == (plain.word_count, plain.word_chars)
        assert view.sure_alpha_words <= plain.alpha_words == view.alpha_words
        for n in (2, 3, 4):
            assert top_gram_chars(plain.words, n, True) <= view.gram_peaks[n - 2]


@given(st.lists(texts, min_size=1, max_size=12))
def test_a_text_is_measured_the_same_in_any_company(some: list[str]) -> None:
    def facts(view: Text) -> tuple[object, ...]:
        return view.word_count, view.word_chars, view.sure_alpha_words, view.gram_peaks

    together = [facts(view) for view in measured(some)]
    assert together == [facts(measured([text])[0]) for text in some]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        pytest.param("one two", True, id="ascii"),
        pytest.param("na\u00efve", False, id="not-ascii"),
        pytest.param("", False, id="empty"),
        pytest.param(" \n", False, id="blank"),
        pytest.param("a" * 70_000, False, id="very-long"),
    ],
)
def test_other_texts_are_left_alone(text: str, filled: bool) -> None:
    (view,) = measured([text])
    assert ("word_count" in vars(view)) is filled


def test_every_batch_is_passed_on_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_TOGETHER", 3)
    some = [f"text number {n}" for n in range(10)]
    assert [view.text for view in measured(some)] == some


def test_white_space_is_what_str_split_says() -> None:
    for code in range(128):
        text = f"a{chr(code)}b"
        assert measured([text])[0].word_count == len(text.split()), code


def test_a_pair_that_differs_in_the_middle_of_a_long_word_only_raises_the_bound() -> None:
    words = [f"beginning{middle}the-ending x" for middle in "abcdef"]
    text = " ".join(words)
    plain = Text(text, whitespace)
    assert top_gram_chars(plain.words, 2, True) < measured([text])[0].gram_peaks[0]


def test_declines_where_some_metric_looks_at_every_word() -> None:
    assert vector_measurer(["words", "top_2_gram_char_fraction"]) is not None
    assert vector_measurer(["words", "non_symbol_words"]) is None
