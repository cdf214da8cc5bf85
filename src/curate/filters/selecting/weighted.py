"""A sparse matrix in numpy: prompts (rows), n-grams (columns), a weight for each column.

Every row is scaled to length one. Both products are gathers and sums of runs: the matrix is kept
by rows and by columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

_AT_ONCE = 500
"""Runs summed together, so that what is gathered for them stays small."""


class Weighted:
    """Rows that hold `weights[column]` in the columns they have, each scaled to length one.

    Args:
        columns: Row by row, none twice in a row.
        sizes: How many of them each row has.
        weights: One for each column.
    """

    def __init__(self, columns: Ints, sizes: Ints, weights: Floats) -> None:
        import numpy as np

        self._weights = weights[:, None]
        self._columns, self._bounds = columns, _bounds(sizes)
        self._rows = np.repeat(np.arange(len(sizes)), sizes)[np.argsort(columns, kind="stable")]
        self._row_bounds = _bounds(np.bincount(columns, minlength=len(weights)))
        squares = _sums(self._weights**2, columns, self._bounds)
        lengths = np.sqrt(np.where(squares > 0, squares, np.inf))
        self._scale = (1 / lengths).astype(np.float32)

    def times(self, values: Floats) -> Floats:
        """Return the product with a matrix that has a row for each column of this one."""
        return _sums(values * self._weights, self._columns, self._bounds) * self._scale

    def transposed_times(self, values: Floats) -> Floats:
        """Return the transpose's product with a matrix that has a row for each row of this one."""
        return _sums(values * self._scale, self._rows, self._row_bounds) * self._weights


def _bounds(sizes: Ints) -> Ints:
    import numpy as np

    return np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


def _sums(values: Floats, places: Ints, bounds: Ints) -> Floats:
    """Return the sums, over the runs that `bounds` cut, of the rows of `values` at `places`."""
    import numpy as np

    sums = np.zeros((len(bounds) - 1, values.shape[1]), np.float32)
    full = np.flatnonzero(np.diff(bounds))
    for at in range(0, len(full), _AT_ONCE):
        runs = full[at : at + _AT_ONCE]
        low, high = bounds[runs[0]], bounds[runs[-1] + 1]
        sums[runs] = np.add.reduceat(values[places[low:high]], bounds[runs] - low)
    return sums
