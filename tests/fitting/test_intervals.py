"""Published values, what every interval keeps, and how often it holds the truth."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting import intervals
from curate.traits.intervals import Interval

COUNTS = st.integers(0, 500)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_are_those_of_newcombe_1998(hits: int, count: int, low: float, high: float) -> None:
    """Statistics in Medicine 17:857, table I, method 3."""
    found = intervals.share(hits, count)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS, COUNTS, COUNTS)
def test_an_interval_holds_its_value_and_stays_in_bounds(a: int, b: int, c: int) -> None:
    shares = [intervals.share(a, a + b), intervals.f1(a, b, c)]
    areas = [intervals.auc(a / (a + b), 0.001 * (c % 3), b, c)] if a + b else []
    for found in (each for each in shares + areas if each is not None):
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high


def test_nothing_counted_has_no_interval() -> None:
    assert intervals.share(0, 0) is None
    assert intervals.f1(0, 0, 0) is None
    assert intervals.auc(0.5, 0.1, 0, 9) is None


def test_an_area_is_no_narrower_than_what_was_seen_to_vary() -> None:
    guessed, seen = intervals.auc(0.8, 0.0, 40, 60), intervals.auc(0.8, 0.01, 40, 60)
    assert guessed is not None
    assert seen is not None
    assert seen.low < guessed.low < 0.8 < guessed.high < seen.high
    assert 0.8 - seen.low == pytest.approx(2 * 0.1, abs=0.05)


def test_f1_is_held_as_often_as_stated() -> None:
    rng, held = random.Random(0), 0
    for _ in range(600):
        kinds = rng.choices("hfmr", [12, 8, 8, 72], k=150)
        found = intervals.f1(kinds.count("h"), kinds.count("f"), kinds.count("m"))
        assert found is not None
        held += found.low <= 0.6 <= found.high
    assert 0.92 <= held / 600 <= 0.98


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_are_those_of_newcombe_1998(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Statistics in Medicine 17:873, table II, method 10."""
    first, second = intervals.share(*one), intervals.share(*other)
    assert first is not None
    assert second is not None
    found = intervals.difference(first, second)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_value_does_not_differ_from_itself() -> None:
    same = Interval(0.5, 0.4, 0.6)
    found = intervals.difference(same, same)
    assert found.low < found.value == 0 < found.high
