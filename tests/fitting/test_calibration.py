import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting import calibration
from curate.fitting.calibration import Calibration

ROWS = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40)


@pytest.mark.parametrize("truth", [(1.0, 1.0, 0.0), (0.5, 2.0, -1.0), (2.0, 0.3, 0.5)])
def test_finds_how_scores_were_bent(truth: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(0, 3, 40_000)
    labels = rng.random(len(odds)) < calibration.probabilities(Calibration(*truth), odds)
    found = calibration.fit(odds, labels)
    assert np.allclose(found, truth, atol=0.12)
    scores = calibration.probabilities(found, odds)
    assert calibration.calibration_error(scores, labels) < 0.01
    assert calibration.calibration_error(1 - scores, labels) > 0.3


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_scores_keep_the_order_of_odds(one: float, other: float) -> None:
    bent = Calibration(1.3, 0.4, 0.8)
    low, high = sorted((one, other))
    assert 0 <= bent.probability(low) <= bent.probability(high) <= 1


def test_odds_that_tell_nothing_or_the_reverse_have_no_slope() -> None:
    labels = np.arange(1000) % 4 == 0
    for odds in (np.where(labels, -1.0, 1.0), np.ones(1000)):
        found = calibration.fit(odds, labels)
        assert found[:2] == (0, 0)
        assert found.probability(3.0) == pytest.approx(0.25, abs=0.01)


def test_classes_that_do_not_overlap_have_a_finite_slope() -> None:
    labels = np.arange(100) < 30
    found = calibration.fit(np.where(labels, 5.0, -5.0), labels)
    assert all(np.isfinite(found))
    assert found.probability(5.0) == pytest.approx(31 / 32, abs=1e-3)
    assert found.probability(-5.0) == pytest.approx(1 / 72, abs=1e-3)


@given(ROWS)
def test_no_threshold_has_a_better_f1(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([score for score, _ in rows], float)
    labels = np.array([label for _, label in rows])

    def f1(threshold: float) -> float:
        hits = scores >= threshold
        return 2 * int((hits & labels).sum()) / int(hits.sum() + labels.sum())

    chosen = calibration.best_threshold(scores, labels)
    assert chosen in scores
    assert f1(chosen) == max(map(f1, scores))
