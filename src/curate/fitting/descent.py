"""Minimise a smooth convex function of many numbers: L-BFGS with a diagonal preconditioner.

Nocedal & Wright, Numerical Optimization (2006), algorithms 7.4 and 3.1. Sums are numpy's own and
not BLAS's, whose order depends on the number of threads, so the result does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MEMORY = 10
"""Steps remembered to estimate curvature."""
_DECREASE = 1e-4
_SHORTEST = 1e-8


class Minimum(NamedTuple):
    """Where the search ended."""

    point: Floats
    value: float
    iterations: int
    converged: bool


def minimise(
    function: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    curvature: Floats,
    *,
    tolerance: float,
    most: int,
) -> Minimum:
    """Return the lowest point found.

    Args:
        function: Point -> value and gradient.
        start: Where the search begins.
        curvature: A positive estimate of the second derivative along each axis.
        tolerance: The search ends when the gradient, measured by `curvature`, is this part of
            what it was,
        most: or after so many steps.
    """
    point, (value, gradient) = start, function(start)
    first = _dot(gradient, gradient / curvature)
    history: deque[tuple[Floats, Floats, float]] = deque(maxlen=MEMORY)
    for iteration in range(most):
        if _dot(gradient, gradient / curvature) <= tolerance**2 * first:
            return Minimum(point, value, iteration, converged=True)
        direction = _direction(gradient, curvature, history)
        slope, length = _dot(direction, gradient), 1.0
        while True:
            step = length * direction
            new_value, new_gradient = function(point + step)
            if new_value <= value + _DECREASE * length * slope:
                break
            length /= 2
            if length < _SHORTEST:  # rounding hides any further descent
                return Minimum(point, value, iteration, converged=True)
        change = new_gradient - gradient
        if (bend := _dot(step, change)) > 0:
            history.append((step, change, bend))
        point, value, gradient = point + step, new_value, new_gradient
    return Minimum(point, value, most, converged=False)


def _direction(
    gradient: Floats, curvature: Floats, history: deque[tuple[Floats, Floats, float]]
) -> Floats:
    """Return minus the gradient times an estimate of the inverse Hessian (two-loop recursion)."""
    rest = -gradient
    shares = []
    for step, change, bend in reversed(history):
        shares.append(_dot(step, rest) / bend)
        rest = rest - shares[-1] * change
    rest = rest / curvature
    if history:
        _, change, bend = history[-1]
        rest *= bend / _dot(change, change / curvature)
    for (step, change, bend), share in zip(history, reversed(shares), strict=True):
        rest += (share - _dot(change, rest) / bend) * step
    return rest


def _dot(one: Floats, other: Floats) -> float:
    return float((one * other).sum())
