"""Witten-Bell counts against the formula, and sampling against the probabilities."""

import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.students.counting import Counts

WORDS = "abc"
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30)


def counted(text: list[str], order: int = 3) -> Counts:
    counts = Counts(order)
    for at, word in enumerate(text):
        counts.learn(text[:at], word)
    return counts


def by_hand(text: list[str], before: list[str], word: str) -> float:
    """The formula as it is written, by recursion, from the text alone."""
    if before == [None]:
        return 1 / (len(set(text)) + 1)
    history = tuple(before)
    followers = [
        text[at]
        for at in range(len(history), len(text))
        if tuple(text[at - len(history) : at]) == history
    ]
    shorter = by_hand(text, before[1:] if before else [None], word)
    if not followers:
        return shorter
    kinds = len(set(followers))
    return (followers.count(word) + kinds * shorter) / (len(followers) + kinds)


@given(texts, st.lists(st.sampled_from(WORDS), max_size=2), st.sampled_from("abcz"))
def test_the_formula(text: list[str], before: list[str], word: str):
    assert counted(text).probability(before, word) == pytest.approx(by_hand(text, before, word))


@given(texts, st.lists(st.sampled_from("abcz"), max_size=4))
def test_probabilities_sum_to_one_with_the_word_never_seen(text: list[str], before: list[str]):
    counts = counted(text)
    assert sum(counts.probability(before, word) for word in {*text, "z"}) == pytest.approx(1)


@given(texts, st.lists(st.sampled_from("abcz"), max_size=4))
def test_the_likeliest_has_no_likelier(text: list[str], before: list[str]):
    counts = counted(text)
    best = max(counts.probability(before, word) for word in text)
    assert counts.probability(before, counts.likeliest(before)) == pytest.approx(best)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_draws_follow_the_probabilities(temperature: float):
    text = list("abcabaccabbbacab")
    counts, rng, many = counted(text), random.Random(1), 20_000
    before = ["a"]
    weights = {w: counts.probability(before, w) ** (1 / temperature) for w in set(text)}
    drawn = Counter(
        counts.drawn(before, temperature, (rng.random(), rng.random())) for _ in range(many)
    )
    for word, weight in weights.items():
        chance = weight / sum(weights.values())
        assert abs(drawn[word] / many - chance) < 4 * math.sqrt(chance * (1 - chance) / many)


def test_a_longer_history_is_not_remembered():
    counts = counted(list("xab"), order=2)
    assert counts.probability(["x", "a"], "b") == counts.probability(["y", "a"], "b")
