"""From windows to the text."""

import pytest

from curate.filters.encoders.pooling import pool


def test_the_highest_of_each_label_or_the_mean() -> None:
    rows = [[0.25, 0.5], [0.75, 0.0], [0.5, 0.25]]
    assert pool(rows, "max") == [0.75, 0.5]
    assert pool(rows, "mean") == [0.5, 0.25]


@pytest.mark.parametrize("how", ["max", "mean"])
def test_a_single_window_is_its_text(how) -> None:
    assert pool([[0.1, 0.7]], how) == [0.1, 0.7]


def test_a_mean_of_ones_is_one() -> None:
    assert pool([[1.0]] * 1000, "mean") == [1.0]
