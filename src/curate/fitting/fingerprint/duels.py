"""Pairs of teachers, told apart by a logistic regression on word n-grams each.

A teacher's log odds are the mean of its duels with all others. So a model is one weight vector
for each teacher, and what it would be without one of them is known without fitting again: leave
that teacher's duels out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import log
from typing import TYPE_CHECKING, NamedTuple

from curate.fitting.table import Fitted, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_LARGEST = 32767


class Whole(NamedTuple):
    """One weight vector for each teacher, in whole numbers."""

    weights: NDArray[np.int16]
    """[buckets, T]; a seen n-gram has a weight that is not 0."""
    biases: Floats
    scale: float
    """What a weight of 1 is worth."""


class Outcomes(NamedTuple):
    """All duels over held-out responses."""

    odds: NDArray[np.float32]
    """[n, T, T]: log odds of the first teacher against the second, each as likely beforehand."""
    unseen: Ints
    """[n]: distinct n-grams that no duel was fitted on."""


def outcomes(table: Table, labels: Ints, folds: Ints, fold: int, penalty: float) -> Outcomes:
    """Return the duels over the responses of one fold, fitted on all others."""
    import numpy as np

    held, width = folds == fold, int(labels.max()) + 1
    odds = np.zeros((int(held.sum()), width, width), np.float32)
    seen = np.zeros(0, bool)
    for one, other, fitted in _duels(table, ~held, labels, penalty):
        odds[:, one, other] = table.odds(fitted)[held]
        odds[:, other, one] = -odds[:, one, other]
        seen = fitted.seen | seen if len(seen) else fitted.seen
    return Outcomes(odds, table.unseen(Fitted(seen, seen, 0.0))[held])


def whole(table: Table, labels: Ints, penalty: float) -> Whole:
    """Return the weights of all duels, fitted on everything, merged teacher by teacher."""
    import numpy as np

    width = int(labels.max()) + 1
    biases = np.zeros(width)
    weights: list[Floats | float] = [0.0] * width
    seen: Bools | bool = False
    for one, other, fitted in _duels(table, np.ones(len(labels), bool), labels, penalty):
        for teacher, sign in ((one, 1 / (width - 1)), (other, -1 / (width - 1))):
            weights[teacher] = weights[teacher] + sign * fitted.weights
            biases[teacher] += sign * fitted.bias
        seen = seen | fitted.seen
    exact = np.stack(weights, axis=1)
    scale = float(np.abs(exact).max()) / _LARGEST or 1.0
    rounded = np.rint(exact / scale).astype(np.int16)
    rounded[seen & ~rounded.any(axis=1), 0] = 1
    return Whole(rounded, biases, scale)


def mean_odds(odds: NDArray[np.float32], among: Sequence[int]) -> Floats:
    """Return [n, len(among)]: each teacher's mean log odds against the others `among` them."""
    import numpy as np

    chosen = odds[:, among][:, :, among].astype(np.float64)
    means: Floats = chosen.sum(axis=2) / (len(among) - 1)
    return means


def _duels(
    table: Table, chosen: Bools, labels: Ints, penalty: float
) -> Iterator[tuple[int, int, Fitted]]:
    """Yield every pair with its model, in which both are equally likely beforehand."""
    import numpy as np

    counts = np.bincount(labels[chosen])
    for one, other in combinations(range(len(counts)), 2):
        rows = chosen & ((labels == one) | (labels == other))
        fitted = table.fit(rows, labels == one, penalty)
        yield one, other, fitted._replace(bias=fitted.bias - log(counts[one] / counts[other]))
