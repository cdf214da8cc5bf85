"""From log odds to probabilities that mean what they say, and the threshold for the best F1."""

from __future__ import annotations

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


class Platt(NamedTuple):
    """P = 1 / (1 + exp(-(slope * log odds + intercept))) (Platt 1999)."""

    slope: float
    intercept: float

    def probabilities(self, odds: Floats) -> Floats:
        """Return the calibrated scores."""
        import numpy as np

        inner = np.clip(self.slope * odds + self.intercept, -700, 700)
        return np.round(1 / (1 + np.exp(-inner)), DIGITS)


class Choice(NamedTuple):
    """What texts that a model has not seen say about how to read its log odds."""

    platt: Platt
    threshold: float


def choose(odds: Floats, labels: Bools) -> Choice:
    """Return the calibration, and the threshold with the best F1 after it."""
    platt = fit(odds, labels)
    return Choice(platt, best_threshold(platt.probabilities(odds), labels))


def fit(odds: Floats, labels: Bools) -> Platt:
    """Return the most likely calibration; its slope is 0 where the odds tell nothing or the reverse.

    Labels are drawn in from 0 and 1 by one row each, as Platt does, so that the slope stays finite
    where the classes do not overlap.
    """
    import numpy as np

    positives, negatives = int(labels.sum()), int((~labels).sum())
    low, high = 1 / (negatives + 2), (positives + 1) / (positives + 2)
    goals = np.where(labels, high, low)
    centre, width = float(odds.mean()), float(odds.std()) or 1.0
    unit = (odds - centre) / width

    def loss(point: Floats) -> tuple[float, Floats]:
        inner = point[0] * unit + point[1]
        error = 1 / (1 + np.exp(-np.clip(inner, -700, 700))) - goals
        value = (np.logaddexp(0, inner) - goals * inner).mean()
        return float(value), np.array([(error * unit).mean(), error.mean()])

    rate = float(goals.mean())
    start = np.array([0.0, np.log(rate / (1 - rate))])
    curvature = np.full(2, rate * (1 - rate))
    slope, height = minimise(loss, start, curvature, tolerance=1e-6, most=200).point / (width, 1)
    if slope <= 0:
        return Platt(0.0, float(start[1]))
    return Platt(float(slope), float(height - slope * centre))


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
