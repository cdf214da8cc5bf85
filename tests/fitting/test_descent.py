import numpy as np
import pytest

from curate.fitting.descent import minimise


def quadratic(bends, lowest):  # type: ignore[no-untyped-def]
    def function(point):  # type: ignore[no-untyped-def]
        away = point - lowest
        return float((bends * away**2).sum() / 2), bends * away

    return function


@pytest.mark.parametrize("guess", ["exact", "wrong"])
def test_finds_the_bottom_of_a_bowl(guess: str) -> None:
    rng = np.random.default_rng(0)
    bends, lowest = rng.uniform(0.01, 100, 50), rng.normal(size=50)
    curvature = bends if guess == "exact" else np.ones(50)
    found = minimise(quadratic(bends, lowest), np.zeros(50), curvature, tolerance=1e-8, most=500)
    assert found.converged
    assert np.allclose(found.point, lowest, atol=1e-5)


def test_finds_the_bottom_of_a_valley_that_is_no_bowl() -> None:
    """Steep on one side, nearly flat on the other, along directions that are no axes."""
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0] * np.geomspace(0.1, 10, 6)[:, None]

    def function(point):  # type: ignore[no-untyped-def]
        along = turn @ (point - 1)
        return float((np.exp(along) - along).sum()), turn.T @ (np.exp(along) - 1)

    found = minimise(function, np.zeros(6), np.ones(6), tolerance=1e-9, most=500)
    assert found.converged
    assert np.allclose(found.point, 1, atol=1e-5)


def test_says_when_it_gave_up() -> None:
    function = quadratic(np.array([1.0, 1000.0]), np.array([5.0, 5.0]))
    assert not minimise(function, np.zeros(2), np.ones(2), tolerance=1e-9, most=2).converged


def test_stays_where_it_starts_at_the_bottom() -> None:
    found = minimise(
        quadratic(np.ones(3), np.zeros(3)), np.zeros(3), np.ones(3), tolerance=1e-3, most=9
    )
    assert (found.iterations, found.value) == (0, 0.0)
