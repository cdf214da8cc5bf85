"""Every score is counted once, in the bin it belongs to."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.report import scores
from curate.report.model import Scores
from curate.report.scores import Histogram

NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)


def counted(values: list[float], bounds: tuple[float, ...] = (0.5,)) -> Scores:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    found = histogram.scores(bounds)
    assert found is not None
    return found


def check(values: list[float], found: Scores) -> None:
    """Hold every bin against the values themselves."""
    assert sum(each.count for each in found.bins) + found.below + found.above == len(values)
    for each in found.bins:
        if each.low == each.high:
            assert each.count == values.count(each.low)
        else:
            assert each.count == sum(each.low <= value < each.high for value in values)
    assert found.below == sum(value < found.bins[0].low for value in values)
    assert (found.lowest, found.highest) == (min(values), max(values))


@given(st.lists(NUMBERS, min_size=1, max_size=200))
def test_bins_hold_what_they_say(values: list[float]) -> None:
    check(values, counted(values))


@given(st.lists(NUMBERS, min_size=1, max_size=300), st.integers(2, 40))
@settings(deadline=None)
def test_so_they_do_where_scores_are_joined(values: list[float], most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scores, "VALUES", most)
        check(values, counted(values))


def test_few_scores_have_a_bar_each() -> None:
    found = counted([0.0] * 5 + [1.0] * 2 + [3.0])
    assert [(each.low, each.high, each.count) for each in found.bins] == [
        (0, 0, 5), (1, 1, 2), (3, 3, 1),
    ]  # fmt: skip


def test_memory_does_not_grow_with_the_scores() -> None:
    histogram = Histogram()
    for n in range(50_000):
        histogram.add(math.sin(n) * n)
    assert len(histogram._counts) <= scores.VALUES
    found = histogram.scores(())
    assert found is not None
    assert sum(each.count for each in found.bins) + found.below + found.above == 50_000


def test_the_rarest_ends_stand_outside_and_the_threshold_never_does() -> None:
    values = [float(n % 100) for n in range(10_000)] + [1e6] * 5
    assert counted(values, (50.0,)).above == 5
    found = counted(values, (5e5,))
    assert found.bins[0].low <= 5e5 < found.bins[-1].high


def test_no_score_is_no_histogram() -> None:
    assert Histogram().scores((0.5,)) is None
