import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.banding import Banding, banding


@pytest.mark.parametrize(
    ("threshold", "bands", "rows"), [(0.5, 35, 3), (0.7, 17, 4), (0.8, 16, 6), (0.9, 11, 10)]
)
def test_the_bandings_of_usual_thresholds(threshold: float, bands: int, rows: int) -> None:
    assert banding(threshold) == (bands, rows)


@given(st.floats(0.1, 1.0))
def test_no_banding_with_more_rows_or_fewer_bands_would_do(threshold: float) -> None:
    bands, rows = banding(threshold)
    assert bands * rows <= 128
    assert 1 - (1 - threshold**rows) ** bands >= 0.99
    assert 1 - (1 - threshold**rows) ** (bands - 1) < 0.99
    if rows < 128 and threshold < 1:
        missed = math.log1p(-(threshold ** (rows + 1)))
        assert math.log(0.01) / missed * (rows + 1) > 128 - rows  # whole bands only


@given(st.floats(0.1, 0.99))
def test_the_more_similar_the_surer(threshold: float) -> None:
    found = [banding(threshold).finds(step / 20) for step in range(21)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0.0, 1.0)


def test_probability_of_a_known_banding() -> None:
    assert Banding(2, 1).finds(0.5) == 0.75


def test_a_threshold_too_low_is_refused() -> None:
    with pytest.raises(ValueError, match=r"similarity 0\.01"):
        banding(0.01)
