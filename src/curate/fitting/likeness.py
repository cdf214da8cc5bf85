"""How unlike the texts of a fit a text is, by its share of n-grams the model has never seen.

A long text's share varies less than a short one's. So it is compared with bundles of held-out
texts that are about as long together.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_BUNDLES = (1, 2, 4, 8, 16, 32)
_LEAST = 50
"""Bundles of a size that are needed to know how they vary."""


class Likeness(BaseModel):
    """The shares of unseen n-grams in held-out texts."""

    model_config = ConfigDict(frozen=True)

    grams: float
    """Distinct n-grams of a text, on average."""
    shares: dict[int, tuple[float, ...]]
    """Texts in a bundle -> percentiles, 0th to 100th, of a bundle's share."""

    def unlike(self, distinct: int, unseen: int) -> float:
        """Return the share, 0 to 1, of bundles as long as this that have fewer unseen n-grams."""
        long = max(size for size in self.shares if size == 1 or size * self.grams <= distinct)
        below = bisect_left(self.shares[long], unseen / distinct if distinct else 0.0)
        return min(below, 100) / 100


def likeness(distinct: Ints, unseen: Ints, seed: int) -> Likeness:
    """Return what the counts of held-out texts say; `seed` decides who is bundled with whom."""
    import numpy as np

    order = np.random.default_rng(seed).permutation(len(distinct))
    shares = {}
    for size in _BUNDLES:
        count = len(order) // size
        if size > 1 and count < _LEAST:
            break
        bundles = order[: count * size].reshape(count, size)
        found = unseen[bundles].sum(axis=1) / np.maximum(distinct[bundles].sum(axis=1), 1)
        shares[size] = tuple(np.percentile(found, range(101)).round(6).tolist())
    return Likeness(grams=float(distinct.mean().round(3)), shares=shares)
