import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from curate.fitting.matrix import Matrix, sums

ROWS = st.lists(st.sets(st.integers(0, 8)), min_size=1, max_size=12)


@given(ROWS, st.integers(0, 99))
def test_products_are_those_of_the_dense_matrix(rows: list[set[int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    extra = rng.integers(0, 3, len(rows))  # columns that were left out
    sizes = np.array([len(row) for row in rows]) + extra
    matrix = Matrix(
        np.cumsum([0, *map(len, rows)]),
        np.array([column for row in rows for column in sorted(row)], np.int32),
        9,
        sizes,
    )
    ones = np.array([[column in row for column in range(9)] for row in rows], float)
    dense = ones / np.sqrt(np.maximum(sizes, 1))[:, None]
    weights, values = rng.normal(size=9), rng.normal(size=len(rows))
    assert matrix.shape == dense.shape
    for _ in range(2):  # nothing is left behind by the first use
        assert np.allclose(matrix.times(weights), dense @ weights)
        assert np.allclose(matrix.transposed_times(values), dense.T @ values)
        assert np.allclose(matrix.column_sums(values), ones.T @ values)


def test_sums_of_runs_may_be_empty() -> None:
    assert sums(np.array([1.0, 2.0, 4.0]), np.array([0, 0, 2, 2, 3])).tolist() == [0, 3, 0, 4]
