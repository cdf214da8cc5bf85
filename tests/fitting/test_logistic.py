import numpy as np
import pytest

from curate.fitting import logistic
from curate.fitting.matrix import Matrix


def planted(count: int, width: int, seed: int = 0):  # type: ignore[no-untyped-def]
    """Rows of columns, of which 0 speaks for the label and 1 against it."""
    rng = np.random.default_rng(seed)
    ones = rng.random((count, width)) < 0.3
    labels = rng.random(count) < 1 / (1 + np.exp(-4.0 * ones[:, 0] + 4.0 * ones[:, 1] + 1))
    bounds = np.concatenate(([0], np.cumsum(ones.sum(axis=1))))
    return (
        Matrix(bounds, np.nonzero(ones)[1].astype(np.int32), width, ones.sum(axis=1)),
        ones,
        labels,
    )


@pytest.mark.parametrize("penalty", [0.05, 5.0])
def test_no_small_step_lowers_the_penalised_loss(penalty: float) -> None:
    """The loss is written out here from its definition, on the dense matrix."""
    matrix, ones, labels = planted(400, 12)
    rows = ones / np.sqrt(np.maximum(ones.sum(axis=1), 1))[:, None]
    positive, negative = 1 + ones[labels].sum(axis=0), 1 + ones[~labels].sum(axis=0)
    ratios = np.log(positive / positive.sum() / (negative / negative.sum()))

    def loss(columns, bias):  # type: ignore[no-untyped-def]
        odds = rows @ columns + bias
        misfit = np.logaddexp(0, np.where(labels, -odds, odds)).sum()
        return misfit + penalty / 2 * ((columns / ratios) ** 2).sum()

    found = logistic.fit(matrix, labels, penalty)
    lowest = loss(found.columns, found.bias)
    rng = np.random.default_rng(1)
    for _ in range(50):
        step = rng.normal(size=12) * np.abs(ratios) * 0.1
        assert loss(found.columns + step, found.bias + rng.normal() * 0.05) > lowest - 1e-3
    assert lowest < loss(np.zeros(12), found.bias) - 10


def test_finds_what_was_planted() -> None:
    matrix, _, labels = planted(2000, 40)
    columns = logistic.fit(matrix, labels).columns
    assert columns[0] == columns.max() > 1
    assert columns[1] == columns.min() < -1
    assert np.abs(columns[2:]).max() < columns[0] / 2
