"""Pairs of teachers: a model without one of them is the same model with its duels left out."""

import numpy as np
import pytest

from curate.fitting.fingerprint.duels import Outcomes, mean_odds, outcomes, whole
from curate.fitting.ngrams import Scheme
from curate.fitting.table import Table
from planted_teachers import DISTINCT, responses

SAMPLES = responses(prompts=30)
TEXTS = [sample.text for sample in SAMPLES]
LABELS = np.array([DISTINCT.index(str(sample.teacher)) for sample in SAMPLES])
FOLDS = np.array([int(sample.prompt.split()[1]) % 3 for sample in SAMPLES])
SCHEME = Scheme((1, 2), (), 14)


def duels(kept: np.ndarray, labels: np.ndarray) -> Outcomes:
    texts = [text for text, keep in zip(TEXTS, kept, strict=True) if keep]
    return outcomes(Table(texts, SCHEME, 4000), labels, FOLDS[kept], 0, 0.05)


def test_both_sides_of_a_duel_say_the_same() -> None:
    odds = duels(np.ones(len(TEXTS), bool), LABELS).odds
    assert odds.shape == (40, 4, 4)
    np.testing.assert_array_equal(odds, -odds.transpose(0, 2, 1))


def test_duels_tell_held_out_responses_apart() -> None:
    odds = duels(np.ones(len(TEXTS), bool), LABELS).odds
    best = mean_odds(odds, range(4)).argmax(axis=1)
    assert (best == LABELS[FOLDS == 0]).mean() > 0.9


@pytest.mark.parametrize("gone", range(4))
def test_leaving_duels_out_is_fitting_without_the_teacher(gone: int) -> None:
    kept = gone != LABELS
    others = [each for each in range(4) if each != gone]
    everything = duels(np.ones(len(TEXTS), bool), LABELS).odds[kept[FOLDS == 0]]
    without = duels(kept, np.searchsorted(others, LABELS[kept])).odds
    np.testing.assert_allclose(
        mean_odds(everything, others), mean_odds(without, range(3)), rtol=1e-4, atol=1e-4
    )


def test_teachers_with_more_responses_are_not_likelier_beforehand() -> None:
    kept = np.ones(len(TEXTS), bool)
    kept[np.flatnonzero((LABELS == 1) & (FOLDS != 0))[5:]] = (
        False  # 5 are left to fit on, of others 20
    )
    odds = duels(kept, LABELS[kept]).odds
    rare = odds[LABELS[kept][FOLDS[kept] == 0] == 1]
    assert (mean_odds(rare, range(4)).argmax(axis=1) == 1).mean() >= 0.5


def test_merged_weights_say_what_the_duels_say() -> None:
    table = Table(TEXTS, SCHEME, 4000)
    found = whole(table, LABELS, 0.05)
    assert found.weights.shape == (1 << 14, 4)
    assert found.weights.dtype == np.int16
    assert np.abs(found.weights.astype(int)).max() == 32767
    # every duel is between two, so the sides cancel out
    assert np.abs(found.weights.astype(int).sum(axis=1)).max() <= 4
    assert abs(found.biases.sum()) < 1e-9


def test_every_seen_n_gram_has_a_weight() -> None:
    table = Table(TEXTS, SCHEME, 4000)
    whole_ = whole(table, LABELS, 0.05)
    assert 0 < whole_.weights.any(axis=1).sum() < 1 << 14


def test_a_word_that_tells_nothing_is_seen_all_the_same() -> None:
    texts, labels = ["common river"] * 5 + ["common garden"] * 5, np.arange(10) // 5
    found = whole(Table(texts, SCHEME, 4000), labels, 0.05)
    assert found.weights.any(axis=1).sum() == 5  # three words, two pairs of words
