"""The ranking against what switched halves show, where the truth is a formula."""

import numpy as np
import pytest

from curate.api import Context
from curate.audits.locating.validation import Halves, correlation

GROUPS = 40


def measured(effects: list[float], noise: float = 0.0, seed: int = 0) -> Halves:
    """Students who show less, the more of these effects are switched away."""
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(GROUPS) < GROUPS // 2 for _ in range(GROUPS)]
    switched = np.array([half for one in drawn for half in (one, ~one)])
    scores = 0.9 - switched @ np.array(effects) + noise * rng.standard_normal(len(switched))
    return Halves(switched, scores)


SPARSE = [0.2, 0.2, 0.15, *[0.0] * (GROUPS - 3)]


def test_the_right_ranking_is_found_right_and_chance_is_around_0() -> None:
    found = correlation(SPARSE, measured(SPARSE, 0.02), Context())
    assert found.value > 0.9
    assert found.p <= 0.001
    assert found.low < -0.2
    assert 0.2 < found.high < 0.7


def test_effects_of_groups_are_the_planted_ones() -> None:
    effects = measured(SPARSE).effects()
    assert effects[:2] == pytest.approx([0.2, 0.2], abs=0.08)
    assert max(effects[3:]) < 0.12


def test_a_ranking_of_other_groups_is_refused() -> None:
    assert correlation(SPARSE[::-1], measured(SPARSE, 0.02), Context()).p > 0.05


def test_equal_scores_say_nothing() -> None:
    assert correlation([0.0] * GROUPS, measured(SPARSE), Context()).p == 1


def test_rankings_by_chance_are_called_right_no_more_often_than_stated() -> None:
    halves = measured(SPARSE, 0.02)
    rng = np.random.default_rng(1)
    found = [
        correlation(list(rng.permutation(SPARSE)), halves, Context(), 500).p for _ in range(200)
    ]
    assert sum(p <= 0.05 for p in found) <= 18  # 10, and what 200 draws may add
    assert sum(p <= 0.2 for p in found) >= 20
