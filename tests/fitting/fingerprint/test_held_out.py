"""Figures of held-out responses."""

import numpy as np
import pytest

from curate.fitting.fingerprint.held_out import cells, clustered, in_bags
from curate.fitting.intervals import share


def test_a_bag_adds_up_what_its_responses_say() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(4, size=4000)
    log_odds = rng.normal(size=(4000, 4)) + 0.7 * np.eye(4)[labels]
    one, ten = in_bags(log_odds, labels, 1, 0), in_bags(log_odds, labels, 10, 0)
    assert one.mean() == (log_odds.argmax(axis=1) == labels).mean()
    assert one.mean() < 0.55
    assert ten.mean() > 0.8


def test_no_response_is_in_two_bags() -> None:
    labels = np.array([0] * 25 + [1] * 9)
    assert len(in_bags(np.eye(2)[labels], labels, 10, 0)) == 2
    # one response that outweighs everything turns over one bag and no more
    log_odds = np.eye(2)[np.zeros(40, int)]
    log_odds[7, 1] = 1000.0
    assert in_bags(log_odds, np.zeros(40, int), 10, 0).sum() == 3


def test_nothing_fills_a_bag() -> None:
    assert len(in_bags(np.eye(2), np.array([0, 1]), 10, 0)) == 0


def test_responses_to_different_prompts_are_as_good_as_independent() -> None:
    right = np.random.default_rng(0).random(4000) < 0.6
    found, usual = clustered(right, [str(n) for n in range(4000)]), share(int(right.sum()), 4000)
    assert usual is not None
    assert found == pytest.approx(tuple(usual), abs=1e-3)


def test_prompts_that_are_right_or_wrong_as_a_whole_widen_the_interval() -> None:
    right = np.repeat(np.random.default_rng(0).random(500) < 0.6, 8)
    found = clustered(right, [str(n // 8) for n in range(4000)])
    usual = share(int(right.sum()) // 8, 500)
    assert usual is not None
    assert found == pytest.approx(tuple(usual), abs=1e-2)


@pytest.mark.parametrize("everything", [True, False])
def test_nothing_went_wrong_is_not_certainty(everything: bool) -> None:
    found = clustered(np.full(50, everything), [str(n) for n in range(50)])
    assert found.high - found.low > 0.05
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_cell_is_a_teacher_and_a_tier() -> None:
    shares = np.array([[0.9, 0.1], [0.55, 0.45], [0.2, 0.8], [0.0, 1.0]])
    assert cells(shares, [0.6, 0.85]).tolist() == [2, 0, 4, 5]
