from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.quality.grams import duplicate_gram_chars, repeated_chars, top_gram_chars
from curate.filters.quality.text import Text
from curate.filters.quality.words import english, whitespace
from quality_texts import texts

few_words = st.lists(st.sampled_from(["a", "bb", "ccc", "ab"]), max_size=40)


def windows(words: list[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]


@given(few_words, st.integers(2, 4))
def test_top_gram_is_the_longest_of_the_most_frequent(words: list[str], n: int) -> None:
    counts = Counter(windows(words, n))
    most = max(counts.values(), default=0)
    lengths = [len(" ".join(gram)) for gram in counts if counts[gram] == most]
    assert top_gram_chars(words, n, longest=True) == max(lengths, default=0) * most


def test_a_tie_is_broken_by_length_or_by_place() -> None:
    words = ["a", "b", "a", "b", "ccc", "ddd", "ccc", "ddd"]
    assert top_gram_chars(words, 2, longest=False) == len("a b") * 2
    assert top_gram_chars(words, 2, longest=True) == len("ccc ddd") * 2


@given(few_words)
def test_the_longest_does_not_depend_on_order(words: list[str]) -> None:
    backwards = words[::-1]
    for n in (2, 3, 4):
        assert top_gram_chars(words, n, True) == top_gram_chars(backwards, n, True)


@pytest.mark.parametrize(
    ("text", "n", "chars"),
    [
        pytest.param("a b c d e", 5, 0, id="once"),
        pytest.param("a b c d e a b c d e", 5, 5, id="twice"),
        pytest.param("a b a b a b", 2, 4, id="repeats-do-not-overlap"),
        pytest.param("a a a a", 2, 2, id="a-repeat-is-skipped-whole"),
        pytest.param("ab c x a bc x", 2, 0, id="words-are-not-glued-together"),
        pytest.param("a b", 5, 0, id="too-short"),
        pytest.param("", 5, 0, id="empty"),
    ],
)
def test_duplicate_grams(text: str, n: int, chars: int) -> None:
    assert duplicate_gram_chars(text.split(), n) == chars


@given(few_words, st.integers(1, 6))
def test_repeated_chars_counts_every_word_of_a_repeat_once(words: list[str], n: int) -> None:
    grams = windows(words, n)
    covered = {
        at + step for at, gram in enumerate(grams) if gram in grams[:at] for step in range(n)
    }
    assert repeated_chars(words, n) == sum(len(words[at]) for at in covered)


@given(texts, st.sampled_from([whitespace, english()]))
def test_bounds_are_never_too_low(text: str, split) -> None:
    words = split(text)
    view = Text(text, split)
    for n in (2, 3, 4):
        for longest in (True, False):
            assert top_gram_chars(words, n, longest) <= view.gram_peaks[n - 2]
    for n in range(5, 11):
        assert duplicate_gram_chars(words, n) <= view.repeated_chars
