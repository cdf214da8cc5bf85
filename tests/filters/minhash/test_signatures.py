import random
from array import array
from math import sqrt
from random import Random
from statistics import mean, pvariance

import numpy as np
import pytest

from curate.filters.minhash.banding import Banding, banding
from curate.filters.minhash.shingles import Sets
from curate.filters.minhash.signatures import Minima, Signing

COUNT = 100


def signed(texts: list[list[str]], seed: int = 0) -> list[bytes]:
    return [each or b"" for each in Signing(5, Banding(16, 6), Random(seed)).sign(texts)]


def check_estimates(minima: Minima, shared: int, pairs: int = 200, size: int = 120) -> None:
    """Whether agreement of minima estimates similarity as binomial draws would."""
    rng, estimates = random.Random(7), []
    true = shared / (2 * size - shared)
    for _ in range(pairs):
        drawn = rng.sample(range(1 << 32), 2 * size - shared)
        both = np.array(drawn[:size] + drawn[size - shared :], np.uint64)
        one, other = minima.of(Sets(both, np.array([0, size, 2 * size])))
        estimates.append(float((one == other).mean()))
    variance = true * (1 - true) / COUNT
    assert abs(mean(estimates) - true) < 4 * sqrt(variance / pairs)
    assert abs(pvariance(estimates) / variance - 1) < 4 * sqrt(2 / pairs)


class Short(Random):
    """Draws numbers of 32 bits where 64 are asked for: nothing wraps, and h keeps its order."""

    def getrandbits(self, k: int) -> int:
        return super().getrandbits(31)


@pytest.mark.parametrize("shared", [20, 80, 107, 118])
def test_minima_estimate_similarity(shared: int) -> None:
    check_estimates(Minima(COUNT, Random(1)), shared)


@pytest.mark.parametrize("shared", [20, 80, 107, 118])
def test_permutations_that_are_all_the_same_one_are_caught(shared: int) -> None:
    with pytest.raises(AssertionError):
        check_estimates(Minima(COUNT, Short(1)), shared)


def test_every_hash_is_as_likely_the_smallest() -> None:
    hashes = np.array(random.Random(2).sample(range(1 << 32), 20), np.uint64)
    minima = Minima(4000, Random(3))
    (found,) = minima.of(Sets(hashes, np.array([0, len(hashes)])))
    alone = minima.of(Sets(hashes, np.arange(len(hashes) + 1)))
    wins = np.array([(row == found).sum() for row in alone])
    expected = 4000 / len(hashes)
    assert ((wins - expected) ** 2 / expected).sum() < 43.8  # chi², 19 degrees, p = 0.001


@pytest.mark.parametrize("shared", [60, 75, 84, 95])
def test_candidates_are_as_frequent_as_the_formula_says(shared: int) -> None:
    cut, pairs, size = banding(0.8), 500, 100
    texts = []
    for number in range(pairs):
        drawn = [f"{number}-{word}" for word in range(2 * size - shared)]
        texts += [drawn[:size], drawn[size - shared :]]
    signatures = list(Signing(1, cut, Random(4)).sign(texts))
    keys = [array("I", each or b"")[: cut.bands] for each in signatures]
    found = sum(
        any(a == b for a, b in zip(one, other, strict=True))
        for one, other in zip(keys[::2], keys[1::2], strict=True)
    )
    expected = 1 - (1 - (shared / (2 * size - shared)) ** cut.rows) ** cut.bands
    error = sqrt(expected * (1 - expected) / pairs)
    assert abs(found / pairs - expected) < 4 * error + 1 / pairs


def test_a_signature_is_keys_then_the_smallest_hashes() -> None:
    short, long = signed([["a"], [str(number) for number in range(1000)]])
    assert len(short) == 4 * (16 + 1)
    assert len(long) == 4 * (16 + 128)
    assert list(array("I", long)[16:]) == sorted(set(array("I", long)[16:]))


def test_texts_beside_it_change_nothing() -> None:
    rng = random.Random(8)
    texts = [[rng.choice("abcdefgh") for _ in range(rng.randint(0, 900))] for _ in range(60)] + [[]]
    assert signed(texts) == [one for text in texts for one in signed([text])]


def test_a_text_without_words_has_no_signature() -> None:
    signing = Signing(5, Banding(2, 2), Random(0))
    assert list(signing.sign([])) == []
    assert [each is None for each in signing.sign([[], ["a"], []])] == [True, False, True]


def test_another_seed_draws_other_permutations_and_finds_the_same_hashes() -> None:
    (one,), (other,) = signed([list("abcdefghi")], seed=1), signed([list("abcdefghi")], seed=2)
    assert array("I", one)[16:] == array("I", other)[16:]
    assert not set(array("I", one)[:16]) & set(array("I", other)[:16])
