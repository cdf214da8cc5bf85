"""Probabilities that mean what they say, with `none of these` among them."""

import numpy as np
import pytest

from curate.fitting.fingerprint.calibration import (
    balanced,
    fit_known,
    fit_softmax,
    known,
    prior,
    softmax,
)

RNG = np.random.default_rng(0)


def drawn(slope: float, offsets: list[float], count: int = 20000) -> tuple[np.ndarray, np.ndarray]:
    """Odds, and teachers drawn from the probabilities that slope and offsets give."""
    odds = RNG.normal(size=(count, len(offsets)))
    shares = softmax(slope * odds + np.array(offsets)).cumsum(axis=1)
    return odds, (RNG.random((count, 1)) > shares).sum(axis=1)


def test_rows_sum_to_one_however_large_the_odds() -> None:
    shares = softmax(np.array([[1e4, 0.0], [0.0, 0.0], [-1e4, -1e4]]))
    np.testing.assert_array_equal(shares, [[1, 0], [0.5, 0.5], [0.5, 0.5]])
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_finds_the_slope_that_was_drawn_with() -> None:
    slope, offsets = fit_softmax(*drawn(2.0, [0.0, 0.0, 0.0]))
    assert slope == pytest.approx(2.0, rel=0.05)
    assert offsets == pytest.approx((0, 0, 0), abs=0.1)


def test_a_teacher_with_more_responses_gets_no_bonus() -> None:
    odds, teachers = drawn(2.0, [0.0, 0.0])
    rare = (teachers == 1) | (RNG.random(len(teachers)) < 0.1)
    slope, offsets = fit_softmax(odds[rare], teachers[rare])
    assert slope == pytest.approx(2.0, rel=0.1)
    assert offsets[0] - offsets[1] == pytest.approx(0, abs=0.15)


def test_noise_gets_no_slope() -> None:
    odds = RNG.normal(size=(20000, 4))
    slope, _ = fit_softmax(odds, RNG.integers(4, size=20000))
    assert slope < 0.05


def test_what_is_known_is_as_often_known() -> None:
    labels = np.arange(20000) % 4 > 0
    evidence = RNG.normal(size=20000) + labels
    curve = fit_known(evidence, labels, np.ones(20000), unknown=0.25)
    stated = known(curve, evidence)
    for low in (0.3, 0.5, 0.7, 0.85):
        near = np.abs(stated - low) < 0.1
        assert labels[near].mean() == pytest.approx(stated[near].mean(), abs=0.05)


def test_the_prior_counts_not_the_number_of_rows() -> None:
    labels = np.arange(20000) % 4 > 0
    evidence = RNG.normal(size=20000) + labels
    means = [
        known(fit_known(evidence, labels, np.ones(20000), unknown), evidence)[labels].mean()
        for unknown in (0.1, 0.25, 0.5, 0.9)
    ]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[-1] > 0.4


def test_evidence_that_says_nothing_or_the_reverse_leaves_the_prior() -> None:
    labels = np.arange(2000) % 2 > 0
    for evidence in (np.zeros(2000), -1.0 * labels):
        curve = fit_known(evidence, labels, np.ones(2000), unknown=0.2)
        np.testing.assert_allclose(known(curve, evidence), 0.8, atol=1e-3)


def test_no_unknowns_means_all_are_known() -> None:
    assert known(prior(0.0), np.array([-100.0, 0.0])).tolist() == [1.0, 1.0]
    assert known(prior(0.2), np.array([5.0])) == pytest.approx([0.8])


def test_balanced_weights() -> None:
    weights = balanced(np.array([0, 0, 0, 2]))
    assert weights.tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_nothing_is_certain_where_all_went_well() -> None:
    teachers = np.arange(90) % 3
    slope, offsets = fit_softmax(np.eye(3)[teachers], teachers)
    shares = softmax(slope * np.eye(3) + np.array(offsets))
    assert 0.95 < shares.max() < 0.995
    labels = np.arange(90) % 2 > 0
    curve = fit_known(1.0 * labels, labels, np.ones(90), unknown=0.5)
    assert 0.9 < known(curve, np.array([1.0]))[0] < 0.995
