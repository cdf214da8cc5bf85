"""From mean log odds to probabilities, and to the probability of `none of these`.

Closed set: softmax of scaled odds, one slope and one offset for each teacher (the bias-corrected
temperature of Alexandari, Kundaje & Shrikumar 2020). Open set: Platt's curve over the evidence
for the most likely teacher, fitted on responses of teachers that were left out in turn. Every
teacher counts the same, however many responses it has. As Platt (1999) does, labels are drawn in
from 0 and 1 by about one response, so that no probability claims more than so many can show.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from curate.fitting.descent import minimise
from curate.fitting.fingerprint.facts import Known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_TOLERANCE, _STEPS = 1e-6, 500
_RIDGE = 1e-6
"""Keeps what the data leave open from drifting."""


def softmax(log_odds: Floats) -> Floats:
    """Return probabilities, [n, T], that sum to 1 in every row."""
    import numpy as np

    parts = np.exp(log_odds - log_odds.max(axis=1, keepdims=True, initial=-np.inf))
    shares: Floats = parts / parts.sum(axis=1, keepdims=True)
    return shares


def known(curve: Known, evidence: Floats) -> Floats:
    """Return the probability that each text is by one of the teachers."""
    import numpy as np

    inner = curve.slope * evidence + curve.intercept
    return np.asarray(1 / (1 + np.exp(-np.clip(inner, -700, 700))), np.float64)


def fit_softmax(odds: Floats, teachers: Ints) -> tuple[float, tuple[float, ...]]:
    """Return the most likely slope and offsets.

    Args:
        odds: [n, T].
        teachers: [n], positions of the true teachers.
    """
    import numpy as np

    count, width = odds.shape
    weights = balanced(teachers)[:, None]
    goals = np.full((count, width), 1 / (count + width))
    goals[np.arange(count), teachers] += count / (count + width)

    def loss(point: Floats) -> tuple[float, Floats]:
        shares = softmax(point[0] * odds + point[1:])
        pulls = weights * (shares - goals)
        gradient = np.append((pulls * odds).sum(), pulls.sum(axis=0)) + _RIDGE * point
        value = -(weights * goals * np.log(np.maximum(shares, 1e-300))).sum()
        return float(value + _RIDGE / 2 * (point**2).sum()), gradient

    start = np.zeros(width + 1)
    curvature = np.append((weights * odds**2).sum() / width, np.full(width, 1 / width))
    found = minimise(loss, start, curvature + _RIDGE, tolerance=_TOLERANCE, most=_STEPS).point
    return max(float(found[0]), 0.0), tuple(found[1:].tolist())


def fit_known(evidence: Floats, labels: Bools, weights: Floats, unknown: float) -> Known:
    """Return the most likely curve, if `unknown` of all texts are by other teachers.

    Args:
        evidence: [n], for the most likely teacher.
        labels: [n], whether the text is by one of the teachers.
        weights: [n], how much each text counts among those with its label.
        unknown: Above 0.
    """
    import numpy as np

    spread = float(evidence.std()) or 1.0
    inner = (evidence - evidence.mean()) / spread
    shares = np.where(labels, 1 - unknown, unknown) * weights
    shares /= np.where(labels, weights[labels].sum(), weights[~labels].sum())
    friends, strange = int(labels.sum()), int((~labels).sum())
    goals = np.where(labels, (friends + 1) / (friends + 2), 1 / (strange + 2))

    def loss(point: Floats) -> tuple[float, Floats]:
        odds = point[0] * inner + point[1]
        pulls = shares * (1 / (1 + np.exp(-np.clip(odds, -700, 700))) - goals)
        gradient = np.array([(pulls * inner).sum(), pulls.sum()]) + _RIDGE * point
        value = (shares * (np.logaddexp(0, odds) - goals * odds)).sum()
        return float(value + _RIDGE / 2 * (point**2).sum()), gradient

    start = np.array([0.0, log((1 - unknown) / unknown)])
    bend = unknown * (1 - unknown)
    found = minimise(loss, start, np.full(2, bend), tolerance=_TOLERANCE, most=_STEPS).point
    slope, intercept = found.tolist()
    if slope <= 0:
        return prior(unknown)
    return Known(
        slope=slope / spread, intercept=intercept - slope * float(evidence.mean()) / spread
    )


def prior(unknown: float) -> Known:
    """Return the curve that knows nothing but the prior."""
    sure = 700.0  # as far from 0 as makes a difference
    return Known(slope=0, intercept=log((1 - unknown) / unknown) if unknown else sure)


def balanced(teachers: Ints) -> Floats:
    """Return weights that sum to 1, with the same sum for every teacher."""
    import numpy as np

    counts = np.bincount(teachers)
    weights: Floats = 1 / counts[teachers] / np.count_nonzero(counts)
    return weights
