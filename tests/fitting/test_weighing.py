"""Looking n-grams up: the same with numpy and without, whatever the weights."""

import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting.ngrams import Scheme, fold, grams
from curate.fitting.weighing import FRACTION, Fast, Plain, weigher

SCHEME = Scheme(bits=8)
WEIGHTS = array("h", [random.Random(0).randint(-32767, 32767) * (n % 9 > 0) for n in range(256)])
TEXTS = st.lists(st.text("ab c\0é!日", max_size=40).map(fold), max_size=5)


@given(TEXTS)
def test_both_ways_give_the_same(texts: list[str]) -> None:
    plain, fast = Plain(WEIGHTS, SCHEME), Fast(WEIGHTS, SCHEME)
    assert list(fast.tallies(texts)) == list(plain.tallies(texts))
    assert list(fast.credits(texts)) == list(plain.credits(texts))


@pytest.mark.parametrize("kind", [Plain, Fast])
def test_words_share_what_their_characters_get(kind: type[Plain | Fast]) -> None:
    """`cat` weighs 3 as a word, `at c` weighs 4 in four characters, three of them in words."""
    scheme = Scheme((1,), (4,), 20)
    plain = array("h", bytes(2 << 20))
    for gram in grams("cat can", scheme):
        plain[gram.bucket] = {(0, 3): 3, (1, 5): 4}.get((gram.start, gram.end), 0)
    (words,) = kind(plain, scheme).credits(["cat can"])
    assert [(word.credit / FRACTION, word.start, word.end) for word in words] == [
        (5, 0, 3),
        (1, 4, 7),
    ]


def test_numpy_is_used_where_it_is_installed() -> None:
    assert isinstance(weigher(WEIGHTS, SCHEME), Fast)
    assert isinstance(weigher(WEIGHTS, SCHEME, fast=False), Plain)
