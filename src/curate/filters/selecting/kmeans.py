"""Spherical k-means: points of length one, in groups around directions.

Starts are chosen as k-means++ does (Arthur, Vassilvitskii 2007), then Lloyd's two steps alternate
until no point changes its group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

STARTS = 4
"""The best of so many is taken."""
ROUNDS = 50
"""Of Lloyd's steps, at most."""
_AT_ONCE = 8192


def cluster(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Return the directions of `k` groups, the largest group's first; the last may be empty.

    The sum of the points' cosines with their directions is the highest that a few starts led to.
    """
    import numpy as np

    best = None
    for _ in range(STARTS):
        directions, groups, total = _lloyd(points, _start(points, k, rng))
        if best is None or total > best[2]:
            best = directions, groups, total
    assert best is not None  # noqa: S101  (there is a start)
    sizes = np.bincount(best[1], minlength=k)
    return best[0][np.argsort(-sizes, kind="stable")]


def _start(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Choose points, each with a chance that grows with its distance from those before it."""
    import numpy as np

    chosen = [int(rng.integers(len(points)))]
    apart = np.ones(len(points))
    while len(chosen) < k:
        apart = np.minimum(apart, np.maximum(1 - points @ points[chosen[-1]], 0))
        upto = np.cumsum(apart)
        drawn = np.searchsorted(upto, rng.random() * upto[-1], side="right")
        chosen.append(min(int(drawn), len(points) - 1))
    return points[chosen]


def _lloyd(points: Floats, directions: Floats) -> tuple[Floats, Ints, float]:
    """Return where Lloyd's steps lead: directions, each point's group, the sum of the cosines."""
    import numpy as np

    groups, cosines = _nearest(points, directions)
    for _ in range(ROUNDS):
        directions = _middles(points, groups, directions)
        before = groups
        groups, cosines = _nearest(points, directions)
        if np.array_equal(groups, before):
            break
    return directions, groups, float(cosines.sum(dtype=np.float64))


def _nearest(points: Floats, directions: Floats) -> tuple[Ints, Floats]:
    """Return each point's group and its cosine with that group's direction."""
    import numpy as np

    groups = np.empty(len(points), np.int64)
    cosines = np.empty(len(points), np.float32)
    for at in range(0, len(points), _AT_ONCE):
        each = points[at : at + _AT_ONCE] @ directions.T
        groups[at : at + _AT_ONCE] = each.argmax(axis=1)
        cosines[at : at + _AT_ONCE] = each.max(axis=1)
    return groups, cosines


def _middles(points: Floats, groups: Ints, directions: Floats) -> Floats:
    """Return the directions of the groups' sums; that of an empty group stays."""
    import numpy as np

    there, starts = np.unique(np.sort(groups), return_index=True)
    sums = np.add.reduceat(points[np.argsort(groups, kind="stable")], starts)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    moved = directions.copy()
    moved[there] = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), directions[there])
    return moved
