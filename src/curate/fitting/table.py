"""The n-grams of all texts of a fit: found once, used for every fold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from curate.fitting import hashing, logistic
from curate.fitting.matrix import Matrix, sums
from curate.fitting.ngrams import Scheme, fold
from curate.fitting.windows import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_RARE = 2
"""An n-gram is used if so many training texts have it."""


class Fitted(NamedTuple):
    """Log odds = bias + sum of weights / sqrt(number of distinct n-grams); 0 for unseen buckets."""

    weights: Floats
    seen: Bools
    bias: float


class Table:
    """The distinct buckets of every window of every text.

    Args:
        texts: As their authors wrote them.
        scheme: Which n-grams.
        window: Characters in a window.
    """

    def __init__(self, texts: Sequence[str], scheme: Scheme, window: int) -> None:
        import numpy as np

        cuts = [[text[slice(*place)] for place in cut(text, window)] for text in map(fold, texts)]
        parts = list(hashing.rows([piece for pieces in cuts for piece in pieces], scheme))
        self._width = 1 << scheme.bits
        self._sizes = np.concatenate([np.diff(part.bounds) for part in parts])
        self._bounds = np.concatenate(([0], np.cumsum(self._sizes)))
        self._buckets = np.concatenate([part.buckets for part in parts])
        self._first = np.cumsum([0, *map(len, cuts)])[:-1]

    def fit(self, chosen: Bools, labels: Bools, penalty: float) -> Fitted:
        """Return a model of the chosen texts, each by its first window."""
        import numpy as np

        windows = np.zeros(len(self._sizes), bool)
        windows[self._first[chosen]] = True
        buckets = self._buckets[np.repeat(windows, self._sizes)]
        seen = np.bincount(buckets, minlength=self._width) >= _RARE
        kept = seen[buckets]
        bounds = np.concatenate(([0], np.cumsum(kept)))[
            np.concatenate(([0], np.cumsum(self._sizes[windows])))
        ]
        columns = (np.cumsum(seen, dtype=np.int32) - 1)[buckets[kept]]
        matrix = Matrix(bounds, columns, int(seen.sum()), self._sizes[windows])
        found = logistic.fit(matrix, labels[chosen], penalty)
        weights = np.zeros(self._width)
        weights[seen] = found.columns
        return Fitted(weights, seen, found.bias)

    def odds(self, fitted: Fitted) -> Floats:
        """Return the log odds of every text: of its highest window."""
        import numpy as np

        totals = sums(fitted.weights[self._buckets], self._bounds)
        odds = fitted.bias + totals / np.sqrt(np.maximum(self._sizes, 1))
        highest: Floats = np.maximum.reduceat(odds, self._first)
        return highest

    def unseen(self, fitted: Fitted) -> Ints:
        """Return how many distinct n-grams of every text the model has not seen."""
        import numpy as np

        unseen = sums(~fitted.seen[self._buckets], self._bounds)
        return np.add.reduceat(unseen, self._first).astype(np.int64)

    def distinct(self) -> Ints:
        """Return how many distinct n-grams every text has, window by window."""
        import numpy as np

        return np.add.reduceat(self._sizes, self._first)
