"""The definition of buckets, and that numpy gives the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curate.fitting import hashing
from curate.fitting.ngrams import Gram, Scheme, fold, grams, words

ODD = st.text(st.one_of(st.sampled_from("ab  \0'.!\n“é日\ud83dİΣ"), st.characters()), max_size=60)
SCHEMES = st.builds(
    Scheme,
    words=st.sets(st.integers(1, 3)).map(tuple),
    chars=st.sets(st.integers(1, 6), min_size=1).map(tuple),
    bits=st.integers(8, 22),
)


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("ab", Scheme((), (1,), 20), [Gram(616175, 0, 1), Gram(735399, 1, 2)]),
        (
            "I am",
            Scheme((1, 2), (), 20),
            [Gram(493215, 0, 1), Gram(777373, 2, 4), Gram(845634, 0, 4)],
        ),
    ],
    ids=["characters", "words"],
)
def test_the_buckets_are_those_of_every_model_on_disk(
    text: str, scheme: Scheme, expected: list[Gram]
) -> None:
    """A change here makes old models give other scores: raise ngrams.VERSION with it."""
    assert list(grams(fold(text), scheme)) == expected


@given(st.lists(ODD, max_size=8), SCHEMES)
@example(["", "\0", "a\0b", "aaaa"], Scheme())
@example(["x" * 40_000, "y", ""], Scheme())
def test_numpy_finds_the_same_buckets(texts: list[str], scheme: Scheme) -> None:
    folded = [fold(text) for text in texts]
    found = [
        row.buckets[low:high].tolist()
        for row in hashing.rows(folded, scheme)
        for low, high in zip(row.bounds, row.bounds[1:], strict=False)
    ]
    assert found == [sorted({gram.bucket for gram in grams(text, scheme)}) for text in folded]


@given(ODD, SCHEMES)
def test_numpy_finds_the_same_stretches(text: str, scheme: Scheme) -> None:
    folded = fold(text)
    found = []
    for each in hashing.stretches(folded, scheme):
        starts, ends = ([*range(len(folded) + 1)][s] if isinstance(s, slice) else s.tolist()
                        for s in (each.starts, each.ends))  # fmt: skip
        columns = each.buckets.tolist(), starts, ends
        holes = set(each.holes.tolist())
        found += [Gram(*row) for n, row in enumerate(zip(*columns, strict=True)) if n not in holes]
    assert sorted(found) == sorted(grams(folded, scheme))


@given(ODD)
def test_folding_moves_nothing(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(ODD)
def test_words_are_the_same_with_numpy(text: str) -> None:
    starts, ends = hashing.words(fold(text))
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == list(words(fold(text)))


def test_words_are_runs_of_letters_and_single_signs() -> None:
    text = fold("Don’t stop—I'm  42, naïve!! 日本")
    found = [text[start:end] for start, end in words(text)]
    assert found == ["don't", "stop", "-", "i'm", "42", ",", "naïve", "!", "!", "日本"]


def test_no_gram_reaches_over_a_nul() -> None:
    text = "one two\0three four"
    assert not any("\0" in text[gram.start : gram.end] for gram in grams(text, Scheme()))


def test_kinds_do_not_share_buckets() -> None:
    (letters,) = grams("cat", Scheme((), (3,)))
    (word,) = grams("cat", Scheme((1,), ()))
    assert letters.bucket != word.bucket
