import numpy as np
import pytest

from curate.audits.statistics.equivalence import equivalence
from simulated_studies import study

LENGTH = {"untouched": 1.0, "clean": -1.0}


def test_equal_means_that_the_ninety_percent_interval_lies_within_the_margin() -> None:
    outcomes = study(np.random.default_rng(0), {"clean": 0.3, "untouched": 0.32})
    found = equivalence(outcomes, LENGTH, 0.1)
    edge = max(abs(found.interval.low), abs(found.interval.high))
    at_edge = equivalence(outcomes, LENGTH, edge)
    assert at_edge.p == pytest.approx(0.05, abs=1e-6)
    assert equivalence(outcomes, LENGTH, edge * 1.01).equal
    assert not equivalence(outcomes, LENGTH, edge * 0.99).equal


def test_not_found_different_is_not_equal() -> None:
    outcomes = study(np.random.default_rng(0), {"clean": 0.3, "untouched": 0.3})
    assert not equivalence(outcomes, LENGTH, 0.001).equal


@pytest.mark.slow
def test_what_differs_by_the_margin_is_rarely_called_equal() -> None:
    levels = {"clean": 0.3, "untouched": 0.4}
    equal = sum(
        equivalence(study(np.random.default_rng((7, n)), levels), LENGTH, 0.1).equal
        for n in range(1000)
    )
    assert equal / 1000 <= 0.05 + 2 * (0.05 * 0.95 / 1000) ** 0.5
