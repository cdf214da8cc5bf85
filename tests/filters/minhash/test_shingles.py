from collections.abc import Sequence
from itertools import pairwise

import numpy  # noqa: F401  (before the first example is timed)
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.shingles import WordHashes, shingle_sets

texts = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=9), min_size=1, max_size=6)


def hashes_of(texts: Sequence[Sequence[str]], size: int) -> list[list[int]]:
    sets = shingle_sets(texts, size, WordHashes())
    starts = sets.starts.tolist()
    return [sets.hashes[i:j].tolist() for i, j in pairwise(starts)]


def by_hand(words: Sequence[str], size: int) -> list[int]:
    """The definition in the module's docstring, word by word."""
    hashes, multiplier = WordHashes(), 0x9E3779B97F4A7C15
    filled = [hashes[word] for word in words] + [0] * (size - len(words))
    sums = [
        sum(filled[at + n] * multiplier ** (n + 1) for n in range(size))
        for at in range(len(filled) - size + 1)
    ]
    return sorted({(each % 2**64) >> 32 for each in sums})


@given(texts, st.integers(1, 6))
def test_as_defined_whatever_stands_beside(texts: list[list[str]], size: int) -> None:
    assert hashes_of(texts, size) == [by_hand(text, size) for text in texts]


@given(texts, st.integers(1, 4))
def test_as_many_hashes_as_there_are_shingles(texts: list[list[str]], size: int) -> None:
    for text, hashes in zip(texts, hashes_of(texts, size), strict=True):
        shingles = {tuple(text[at : at + size]) for at in range(max(len(text) - size + 1, 1))}
        assert len(hashes) == len(shingles)


def test_a_short_text_is_one_shingle_of_its_own() -> None:
    short = hashes_of([["a", "b"], ["b", "a"], ["a"], ["a", "b", "b"], list("abc"), ["a", "b"]], 3)
    assert [len(each) for each in short] == [1] * 6
    assert short[0] == short[5]
    assert len({each[0] for each in short}) == 5


def test_words_are_hashed_alike_in_every_process() -> None:
    digest = bytes.fromhex("4aa4cf27d7c78e95")  # of `printf word | b2sum -l 64`
    assert WordHashes()["word"] == int.from_bytes(digest, "little")
    assert WordHashes()["\ud800"] != WordHashes()["\ud801"]


def test_memory_for_words_is_bounded() -> None:
    hashes = WordHashes()
    first = hashes["0"]
    for number in range(1 << 16):
        _ = hashes[str(number)]
    _ = hashes["x" * 10_000]
    assert len(hashes) <= 1 << 16
    assert "x" * 10_000 not in hashes
    assert hashes["0"] == first
