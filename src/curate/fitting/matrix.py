"""A sparse matrix of zeros and ones, in numpy: what texts (rows) hold of which n-grams (columns).

Rows are scaled to length one. Both products with a vector are gathers and running sums; keeping
the matrix by rows and by columns makes each of them one pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Columns = NDArray[np.int32]


class Matrix:
    """Rows of ones, each divided by the square root of its size.

    Args:
        bounds: Row n has the columns `columns[bounds[n]:bounds[n + 1]]`.
        columns: Ascending within a row, none twice.
        width: How many columns there are.
        sizes: By what the rows are scaled; may count columns that were left out.
    """

    def __init__(self, bounds: Ints, columns: Columns, width: int, sizes: Ints) -> None:
        import numpy as np

        self.scale: Floats = 1 / np.sqrt(np.maximum(sizes, 1))
        self._bounds = bounds
        self._columns = columns.astype(np.int64)  # as numpy would on every use
        owners = np.repeat(np.arange(len(bounds) - 1, dtype=np.uint64), np.diff(bounds))
        owners |= columns.astype(np.uint64) << np.uint64(32)
        owners.sort()  # several times sooner than the positions that would sort the columns
        self._owners = (owners & np.uint64(0xFFFFFFFF)).view(np.int64)
        counts = np.bincount(columns, minlength=width)
        self._column_bounds = np.concatenate(([0], np.cumsum(counts)))
        self._running = np.zeros(len(columns) + 1)  # kept: fresh memory costs more than the sums

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self._bounds) - 1, len(self._column_bounds) - 1

    def times(self, weights: Floats) -> Floats:
        """Return the product with one weight for each column."""
        return self._sums(weights, self._columns, self._bounds) * self.scale

    def transposed_times(self, values: Floats) -> Floats:
        """Return the transpose's product with one value for each row."""
        return self.column_sums(values * self.scale)

    def column_sums(self, values: Floats) -> Floats:
        """Return, for each column, the sum of the values of the rows that have it, unscaled."""
        return self._sums(values, self._owners, self._column_bounds)

    def _sums(self, values: Floats, places: Ints, bounds: Ints) -> Floats:
        """Return the sums, over the runs that `bounds` cut, of the values at `places`."""
        import numpy as np

        np.take(values, places, out=self._running[1:], mode="clip")
        np.cumsum(self._running[1:], out=self._running[1:])
        return self._running[bounds[1:]] - self._running[bounds[:-1]]


def sums(values: Floats, bounds: Ints) -> Floats:
    """Return the sums of consecutive runs, which may be empty."""
    import numpy as np

    running = np.zeros(len(values) + 1)
    np.cumsum(values, out=running[1:])
    return running[bounds[1:]] - running[bounds[:-1]]
