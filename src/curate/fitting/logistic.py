"""Logistic regression on n-grams, with the scaling of Wang & Manning (2012).

Each n-gram is scaled by the absolute log ratio of its frequencies in the two classes, so that the
penalty holds back what tells nothing and lets through what tells much. On short texts that gains
several points of F1 over the plain model at the same penalty, and needs fewer steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from curate.fitting.descent import minimise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from curate.fitting.matrix import Matrix

    Floats = NDArray[np.float64]

PENALTY = 0.15
"""Half of it times the squared length of the weights is added to the sum of the losses."""
_TOLERANCE = 5e-3
_STEPS = 100


class Weights(NamedTuple):
    """The log odds of a row are its product with `columns`, plus `bias`."""

    columns: Floats
    bias: float


def fit(matrix: Matrix, labels: NDArray[np.bool_], penalty: float = PENALTY) -> Weights:
    """Return the weights with the least penalised loss; the bias is not penalised."""
    import numpy as np

    count, width = matrix.shape
    share = float(labels.mean())
    signs = np.where(labels, 1.0, -1.0)
    ratios = np.abs(_log_ratios(matrix, labels))
    ridge = penalty / count

    def loss(point: Floats) -> tuple[float, Floats]:
        margins = signs * (matrix.times(ratios * point[:-1]) + point[-1])
        pulls = -signs / (1 + np.exp(np.minimum(margins, 700))) / count
        gradient = np.append(ratios * matrix.transposed_times(pulls), pulls.sum())
        gradient[:-1] += ridge * point[:-1]
        value = np.logaddexp(0, -margins).mean() + ridge / 2 * (point[:-1] ** 2).sum()
        return float(value), gradient

    start = np.zeros(width + 1)
    start[-1] = np.log(share / (1 - share))
    spread = share * (1 - share)
    bends = spread / count * ratios**2 * matrix.column_sums(matrix.scale**2) + ridge
    found = minimise(loss, start, np.append(bends, spread), tolerance=_TOLERANCE, most=_STEPS)
    return Weights(ratios * found.point[:-1], float(found.point[-1]))


def _log_ratios(matrix: Matrix, labels: NDArray[np.bool_]) -> Floats:
    """Return, for each column, log P(column | positive) / P(column | negative), counts plus one."""
    import numpy as np

    positive = 1 + matrix.column_sums(labels.astype(np.float64))
    negative = 1 + matrix.column_sums((~labels).astype(np.float64))
    ratios: Floats = np.log(positive / positive.sum()) - np.log(negative / negative.sum())
    return ratios
