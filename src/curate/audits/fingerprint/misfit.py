"""Whether rows could be a mixture of known teachers, by whom a probe takes them for.

Held-out responses say how a probe takes each teacher's: whom for, and how surely. If no shares of
the teachers explain what it makes of the rows, somebody else wrote them, or they answer another
kind of prompts. One response by a stranger looks like a known teacher's; some hundred do not.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from curate.fitting.fingerprint.held_out import cells
from curate.fitting.fingerprint.model import Guesses

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TIERS = (1 / 3, 2 / 3)
_RARE = 3
"""Cells with fewer expected responses are taken together."""
_PRESENT = 0.01
"""Share of a teacher that counts as estimated from the rows."""


def misfit(guesses: Guesses, shares: Floats, held: Guesses, truth: Ints) -> float:
    """Return how far the rows are from what the shares explain, in standard deviations.

    Pearson's chi-square, the held-out counts drawn from too, made normal by Wilson & Hilferty
    (1931): above 3 by chance about once in a thousand.

    Args:
        guesses: About the rows.
        shares: [T], estimated for them.
        held: About responses to prompts the probe was not trained on, as the rows are.
        truth: The teacher of each of those.
    """
    import numpy as np

    count, teachers = len(guesses.probabilities), len(shares)
    edges = np.quantile(held.probabilities.max(axis=1), _TIERS).tolist()
    width = teachers * (len(edges) + 1)
    named = cells(held.probabilities, edges)
    rates = 0.5 + np.array(
        [np.bincount(named[truth == each], minlength=width) for each in range(teachers)]
    )
    totals = rates.sum(axis=1, keepdims=True)
    rates /= totals
    found = np.bincount(cells(guesses.probabilities, edges), minlength=width)
    expected = count * (shares[:, None] * rates).sum(axis=0)
    variance = expected + count**2 * (shares[:, None] ** 2 * rates / totals).sum(axis=0)
    common = expected >= _RARE
    off = _gathered(found - expected, common) ** 2 / np.maximum(_gathered(variance, common), 1)
    freedom = max(len(off) - int((shares > _PRESENT).sum()), 1)
    ninth = 2 / (9 * freedom)
    return float(((float(off.sum()) / freedom) ** (1 / 3) - (1 - ninth)) / sqrt(ninth))


def _gathered(values: Floats, common: NDArray[np.bool_]) -> Floats:
    """Return the common cells' values, and the sum of all others'."""
    import numpy as np

    return np.append(values[common], values[~common].sum())
