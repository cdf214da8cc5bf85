"""Bins hold every number once, and say where they end."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from curate.surveying.spread import bins, spread


@given(st.lists(st.integers(0, 200) | st.integers(0, 1 << 24), min_size=1, max_size=40))
def test_bins_stand_side_by_side(numbers: list[int]):
    found = bins(numbers)
    for each in found:
        assert each.rows == sum(each.low <= number <= each.high for number in numbers)
    assert sum(each.rows for each in found) == len(numbers)
    assert all(one.high + 1 == other.low for one, other in pairwise(found))
    assert found[0].rows > 0
    assert found[-1].rows > 0


def test_the_ends_of_bins():
    ends = [(each.low, each.high) for each in bins([0, 300])]
    assert ends == [(0, 0), (1, 63), (64, 127), (128, 255), (256, 511)]


def test_quantiles_are_numbers_that_were_there():
    found = spread([5, 1, 4, 2, 3] * 20)
    assert found is not None
    assert (found.p5, found.median, found.p95, found.p99) == (1, 3, 5, 5)
    assert spread([]) is None
    assert bins([]) == ()
