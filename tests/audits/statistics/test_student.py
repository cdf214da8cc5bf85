from math import atan, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from curate.audits.statistics.student import cumulative, noncentrality, quantile


@pytest.mark.parametrize("t", [-3.0, -0.4, 0.0, 1.0, 12.7])
def test_one_and_two_degrees_have_closed_forms(t: float) -> None:
    assert cumulative(t, 1) == pytest.approx(0.5 + atan(t) / pi, abs=1e-9)
    assert cumulative(t, 2) == pytest.approx(0.5 + t / (2 * sqrt(2 + t * t)), abs=1e-9)


@pytest.mark.parametrize(
    ("freedom", "known"), [(1, 12.7062), (5, 2.57058), (7, 2.36462), (30, 2.04227), (1e6, 1.95997)]
)
def test_quantiles_are_those_of_the_tables(freedom: float, known: float) -> None:
    assert quantile(0.975, freedom) == pytest.approx(known, rel=1e-5)


def test_a_quantile_undoes_the_distribution_at_broken_degrees_of_freedom() -> None:
    assert cumulative(quantile(0.95, 4.37), 4.37) == pytest.approx(0.95, abs=1e-8)
    assert quantile(0.975, 4) > quantile(0.975, 4.37) > quantile(0.975, 5)


def test_with_many_degrees_of_freedom_the_shift_is_the_normal_one() -> None:
    normal = NormalDist()
    assert noncentrality(1e6) == pytest.approx(normal.inv_cdf(0.975) + normal.inv_cdf(0.8), 1e-4)


def test_the_noncentral_distribution_is_what_is_drawn() -> None:
    rng = np.random.default_rng(0)
    drawn = (rng.normal(size=200_000) + 1.5) / np.sqrt(rng.chisquare(5, 200_000) / 5)
    for t in (0.0, 1.5, 4.0):
        assert (drawn <= t).mean() == pytest.approx(cumulative(t, 5, 1.5), abs=0.005)
