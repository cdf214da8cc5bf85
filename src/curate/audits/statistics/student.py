"""Student's t, central and not, for any degrees of freedom: by quadrature, no tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import erfc, lgamma, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NODES = 120
_CLOSE = 1e-12


def cumulative(t: float, freedom: float, shift: float = 0.0) -> float:
    """Return P(T <= t) for T = (Z + shift) / u, Z normal, u = sqrt(chi2 / freedom).

    Args:
        t: Where.
        freedom: Degrees of freedom, at least 1, not necessarily whole.
        shift: The noncentrality; 0 is Student's own distribution.
    """
    roots, weights = _roots(freedom)
    pairs = zip(roots, weights, strict=True)
    return sum(weight * erfc((shift - t * root) / sqrt(2)) for root, weight in pairs) / 2


@lru_cache(maxsize=4096)
def quantile(share: float, freedom: float) -> float:
    """Return the t with P(T <= t) = share, for a share of at least one half."""
    return _rising(lambda t: cumulative(t, freedom), share)


@lru_cache(maxsize=4096)
def noncentrality(freedom: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Return by how many standard errors an effect must differ from 0 to be found that often.

    Found: a two-sided t test gives p <= alpha.
    """
    edge = quantile(1 - alpha / 2, freedom)

    def found(shift: float) -> float:
        return 1 - cumulative(edge, freedom, shift) + cumulative(-edge, freedom, shift)

    return _rising(found, power)


def _rising(function: Callable[[float], float], wanted: float) -> float:
    """Return where a rising function of numbers from 0 on reaches `wanted`, but for `_CLOSE`.

    Regula falsi with the Illinois rule (Dowell & Jarratt 1971): an end that stays where it is
    again counts half.
    """
    low, high = 0.0, 1.0
    while (above := function(high) - wanted) < 0:
        low, high = high, 2 * high
    below, was_low = function(low) - wanted, None
    if below >= 0:
        return low
    while True:
        middle = (low * above - high * below) / (above - below)
        value = function(middle) - wanted
        if abs(value) <= _CLOSE:
            return middle
        is_low = value < 0
        if is_low:
            low, below, above = middle, value, above / 2 if was_low is True else above
        else:
            high, above, below = middle, value, below / 2 if was_low is False else below
        was_low = is_low


@lru_cache(maxsize=4096)
def _roots(freedom: float) -> tuple[list[float], list[float]]:
    """Return values of u and their probabilities (Gauss-Legendre where u has its mass)."""
    import numpy as np

    low, high = max(0.0, 1 - 8 / sqrt(freedom)), 1 + 8 / sqrt(freedom)
    points, weights = _legendre()
    u: Floats = (points + 1) / 2 * (high - low) + low
    half = freedom / 2
    density = log(2) + half * log(half) - lgamma(half) + (freedom - 1) * np.log(u) - half * u * u
    mass = np.exp(density) * weights * (high - low) / 2
    return list(map(float, u)), list(map(float, mass))


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    import numpy as np

    points, weights = np.polynomial.legendre.leggauss(_NODES)
    return points, weights
