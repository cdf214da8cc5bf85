"""From log odds to probabilities that mean what they say, and the threshold for the best F1."""

from __future__ import annotations

from math import exp, log1p
from typing import TYPE_CHECKING, NamedTuple

from curate.fitting.descent import minimise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

DIGITS = 6
"""Decimals of a score: fewer than machines differ in, more than anybody needs."""
_BINS = 10
_FLAT = 1e-6
"""A slope that only rounding makes."""


class Calibration(NamedTuple):
    """P = 1 / (1 + exp(-x)), x = above * softplus(odds) - below * softplus(-odds) + intercept.

    Beta calibration (Kull, Silva Filho & Flach 2017) in log odds: one slope for low odds, one for
    high. Equal slopes are Platt's (1999).
    """

    below: float
    above: float
    intercept: float

    def probability(self, odds: float) -> float:
        """Return the calibrated score of one text."""
        bend = log1p(exp(-abs(odds)))
        high, low = max(odds, 0.0) + bend, max(-odds, 0.0) + bend
        inner = self.above * high - self.below * low + self.intercept
        return round(1 / (1 + exp(-min(max(inner, -700.0), 700.0))), DIGITS)


class Choice(NamedTuple):
    """What texts that a model has not seen say about how to read its log odds."""

    calibration: Calibration
    threshold: float


def choose(odds: Floats, labels: Bools) -> Choice:
    """Return the calibration, and the threshold with the best F1 after it."""
    calibration = fit(odds, labels)
    return Choice(calibration, best_threshold(probabilities(calibration, odds), labels))


def probabilities(calibration: Calibration, odds: Floats) -> Floats:
    """Return the calibrated scores of many texts."""
    import numpy as np

    return np.array([calibration.probability(each) for each in odds.tolist()])


def fit(odds: Floats, labels: Bools) -> Calibration:
    """Return the most likely calibration of which no slope is below 0.

    Both slopes are 0 where the odds tell nothing, or the reverse.
    """
    import numpy as np

    high, low = np.logaddexp(0, odds), -np.logaddexp(0, -odds)
    (below, above), intercept = _regress([low, high], labels)
    if below < 0:
        below, ((above,), intercept) = 0.0, _regress([high], labels)
    elif above < 0:
        above, ((below,), intercept) = 0.0, _regress([low], labels)
    if max(below, above) < _FLAT or min(below, above) < 0:
        return Calibration(0.0, 0.0, _regress([], labels)[1])
    return Calibration(below, above, intercept)


def _regress(columns: list[Floats], labels: Bools) -> tuple[list[float], float]:
    """Return slopes and intercept of a logistic regression.

    Labels are drawn in from 0 and 1 by one row each, as Platt does, so that slopes stay finite
    where the classes do not overlap.
    """
    import numpy as np

    positives, negatives = int(labels.sum()), int((~labels).sum())
    goals = np.where(labels, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    rate = float(goals.mean())
    features = np.array([*columns, np.ones(len(labels))])

    def loss(point: Floats) -> tuple[float, Floats]:
        inner = (point[:, None] * features).sum(axis=0)
        errors = 1 / (1 + np.exp(-np.clip(inner, -700, 700))) - goals
        value = (np.logaddexp(0, inner) - goals * inner).mean()
        return float(value), (errors * features).mean(axis=1)

    start = np.zeros(len(features))
    start[-1] = np.log(rate / (1 - rate))
    curvature = rate * (1 - rate) * (features**2).mean(axis=1) + 1e-12
    point = minimise(loss, start, curvature, tolerance=1e-6, most=500).point.tolist()
    return point[:-1], point[-1]


def best_threshold(scores: Floats, labels: Bools) -> float:
    """Return the highest of the scores that, as a threshold, give the best F1."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    hits = np.arange(1, len(ordered) + 1)
    f1 = 2 * np.cumsum(labels[order]) / (hits + labels.sum())
    f1[:-1][ordered[1:] == ordered[:-1]] = -1  # equal scores are hits together
    return float(ordered[np.argmax(f1)])


def calibration_error(scores: Floats, labels: Bools) -> float:
    """Return the mean distance of score and share of positives, over ten bins of equal size."""
    import numpy as np

    order = np.argsort(scores, kind="stable")
    gaps = [
        abs(float(scores[part].sum() - labels[part].sum()))
        for part in np.array_split(order, min(_BINS, len(order)))
    ]
    return sum(gaps) / len(scores)
