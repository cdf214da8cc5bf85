"""What a model without a teacher makes of it: nothing of that teacher may help the model."""

import numpy as np
import pytest

from curate.fitting.fingerprint.duels import mean_odds
from curate.fitting.fingerprint.strangers import calibrate, state, strangers

NAMES = ("a", "b", "c", "d")


def duels(seed: int = 0, count: int = 800, strength: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Duels of four teachers of whom the last two write alike."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 4
    places = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0.9]])
    texts = strength * places[labels] + rng.normal(size=(count, 3))
    evidence = texts @ places.T
    odds = evidence[:, :, None] - evidence[:, None, :]
    return odds.astype(np.float32), labels


@pytest.mark.parametrize("stranger", range(4))
def test_a_calibration_knows_nothing_of_who_is_not_among_its_teachers(stranger: int) -> None:
    odds, labels = duels()
    rest = [each for each in range(4) if each != stranger]
    before = calibrate(odds, labels, rest, 0.2)
    odds[labels == stranger] = np.random.default_rng(1).normal(size=(200, 4, 4)) * 99
    odds[:, stranger], odds[:, :, stranger] = 77, -77
    assert calibrate(odds, labels, rest, 0.2) == before


def test_the_twin_is_named_and_the_odd_one_is_not() -> None:
    found = {each.teacher: each for each in strangers(*duels(), NAMES, 0.2)}
    assert (found["c"].taken_for, found["d"].taken_for) == ("d", "c")
    assert min(found[name].named["0.7"] for name in "cd") > 0.3
    assert max(found[name].named["0.7"] for name in "ab") < 0.2


def test_shares_fall_as_the_confidence_rises() -> None:
    for each in strangers(*duels(), NAMES, 0.2):
        for shares in (each.named, each.kept):
            values = list(shares.values())
            assert values == sorted(values, reverse=True)
            assert 0 <= values[-1] <= values[0] <= 1


def test_two_teachers_have_no_strangers() -> None:
    odds, labels = duels()
    few = labels < 2
    assert strangers(odds[few][:, :2, :2], labels[few], ("a", "b"), 0.2) == ()


def test_stated_confidence_holds_where_strangers_are_as_frequent_as_was_said() -> None:
    """One text in five is by a teacher who is like none: of what is stated, as much is right."""
    odds, labels = duels(count=8000, strength=2.5)
    stranger, rest = 0, [1, 2, 3]
    best, stated = state(mean_odds(odds, rest), calibrate(odds, labels, rest, 0.2))
    right = (np.array(rest)[best] == labels).astype(float)
    weights = np.where(labels == stranger, 0.2 / (labels == stranger).sum(), 0.8 / 6000)
    gap = (weights * (stated - right)).sum()
    assert abs(gap) < 0.06
