import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting.figures import changes, measure

ROWS = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30)


@given(ROWS)
def test_measures_are_those_counted_by_hand(rows: list[tuple[int, bool]]) -> None:
    scores = [score / 6 for score, _ in rows]
    labels = [label for _, label in rows]
    hits = [score >= 0.5 for score in scores]
    found = measure(np.array(scores), np.array(hits), np.array(labels))
    both = sum(hit and label for hit, label in zip(hits, labels, strict=True))
    assert (found.texts, found.positives, found.hits) == (len(rows), sum(labels), sum(hits))
    for measured, above, below in (
        (found.precision, both, sum(hits)),
        (found.recall, both, sum(labels)),
        (found.f1, 2 * both, sum(hits) + sum(labels)),
    ):
        assert (measured is None) == (below == 0)
        assert measured is None or measured.value == pytest.approx(above / below)
    pairs = [
        1.0 if one > two else 0.5 if one == two else 0.0
        for one, first in zip(scores, labels, strict=True) if first
        for two, second in zip(scores, labels, strict=True) if not second
    ]  # fmt: skip
    assert (found.auc is None) == (not pairs)
    assert found.auc is None or found.auc.value == pytest.approx(sum(pairs) / len(pairs))


def test_a_change_needs_both_measures() -> None:
    full = measure(np.array([0.9, 0.1]), np.array([True, False]), np.array([True, False]))
    no_positive = measure(np.array([0.9, 0.1]), np.array([True, False]), np.array([False, False]))
    assert set(changes(no_positive, full)) == {"precision", "f1"}
    assert changes(no_positive, full)["f1"].value == -1


@pytest.mark.parametrize("spread", [1.0, 6.0], ids=["alike", "positives spread wider"])
def test_an_area_is_held_as_often_as_stated(spread: float) -> None:
    rng, held = np.random.default_rng(0), 0
    truth = 1 / (1 + 1 / 6)
    labels = np.arange(150) < 30
    for _ in range(400):
        if spread == 1:  # normal with equal variance: Phi(d / sqrt 2) is the area
            scores = rng.normal(labels * 1.5098, 1)
        else:  # P(Exp of mean 6 > Exp of mean 1) = 6 / 7
            scores = rng.exponential(np.where(labels, spread, 1.0))
        found = measure(scores, scores > 1, labels).auc
        assert found is not None
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.99
