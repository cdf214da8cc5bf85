"""Teacher shares of mixtures whose shares are known."""

import numpy as np
import pytest

from curate.fitting.fingerprint.shares import Share, shares
from curate.fitting.fingerprint.training import Settings, fit
from planted_teachers import DISTINCT, responses, shuffled

WEAK = 0.35
"""So weak a style that a third of the responses are taken for another teacher's."""
MODEL = fit(responses(prompts=150, strength=WEAK), 0, Settings(folds=3, least=10))
POOL = {
    teacher: [each.text for each in responses((teacher,), 600, WEAK, seed=9)]
    for teacher in MODEL.teachers
}


def mixed(*counts: int) -> list[str]:
    own = zip(MODEL.teachers, counts, strict=True)
    return [text for teacher, count in own for text in POOL[teacher][:count]]


def estimate(texts: list[str], seed: int = 0) -> list[Share]:
    return shares(MODEL.predict(texts), MODEL, seed)


def test_the_model_mixes_teachers_up() -> None:
    assert 0.4 < MODEL.facts.held_out.accuracy.value < 0.8


@pytest.mark.parametrize("counts", [(400, 200, 100, 0), (150, 150, 150, 150), (0, 0, 0, 500)])
def test_shares_are_found_where_counting_names_is_biased(counts: tuple[int, ...]) -> None:
    truth = np.array(counts) / sum(counts)
    guesses = MODEL.predict(mixed(*counts))
    found = shares(guesses, MODEL)
    counted = np.bincount(guesses.best, minlength=4) / sum(counts)
    error = np.abs([share.value for share in found] - truth).mean()
    assert error < 0.05
    if counts != (150, 150, 150, 150):
        assert error < np.abs(counted - truth).mean() / 2


def test_intervals_cover() -> None:
    rng = np.random.default_rng(0)
    inside = []
    for seed in range(25):
        counts = rng.multinomial(400, rng.dirichlet(np.ones(4)))
        for share, count in zip(estimate(mixed(*counts), seed), counts, strict=True):
            inside.append(share.low <= count / 400 <= share.high)
    assert np.mean(inside) >= 0.85


def test_intervals_narrow_with_more_texts() -> None:
    few, many = estimate(mixed(15, 15, 15, 15)), estimate(mixed(600, 600, 600, 600))
    assert all(a.high - a.low > 1.3 * (b.high - b.low) for a, b in zip(few, many, strict=True))


def test_shares_sum_to_one_and_lie_in_their_intervals() -> None:
    found = estimate(mixed(5, 0, 3, 0))
    assert [share.teacher for share in found] == sorted(DISTINCT)
    assert sum(share.value for share in found) == pytest.approx(1)
    assert all(0 <= share.low <= share.value <= share.high <= 1 for share in found)


def test_the_same_seed_gives_the_same_intervals() -> None:
    texts = mixed(50, 50, 0, 0)
    assert estimate(texts, 1) == estimate(texts, 1)
    assert estimate(texts, 1) != estimate(texts, 2)


def test_without_texts_there_are_no_shares() -> None:
    assert estimate([]) == []


def test_a_model_that_knows_nothing_says_so_by_its_intervals() -> None:
    blind = fit(shuffled(responses(prompts=100)), 0, Settings(folds=3, least=10))
    found = shares(blind.predict(mixed(300, 0, 0, 0)), blind)
    assert max(share.high - share.low for share in found) > 0.4
