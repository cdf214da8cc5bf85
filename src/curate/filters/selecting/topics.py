"""Prompts as points: latent semantic analysis of their n-grams, with numpy alone.

An n-gram weighs more the fewer prompts have it. Prompts hardly ever share words, so k-means on
their n-grams as they are follows chance; projected on the directions in which they differ most it
follows topics. The directions are found by a randomised range finder with power iterations
(Halko, Martinsson, Tropp 2011, algorithm 4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from curate.filters.selecting.sketches import SCHEME
from curate.filters.selecting.weighted import Weighted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

DIRECTIONS = 64
FEATURES = 1 << 14
"""N-grams that count, at most: those that most prompts have."""
_LEAST = 2
"""An n-gram counts if so many prompts have it."""
_ROUNDS = 2
"""Of power iterations."""


class Topics(NamedTuple):
    """Where the prompts lie, and how another one gets there."""

    points: Floats
    """A row of length one for each prompt that has an n-gram that counts."""
    numbers: Ints
    """Bucket -> row of `basis`; -1 for n-grams that do not count."""
    basis: Floats
    """What each n-gram adds to the point of a prompt, before that is scaled to length one."""


def topics(notes: Sequence[bytes], rng: np.random.Generator) -> Topics:
    """Return the points of prompts of which `sketches` were noted."""
    import numpy as np

    sizes = np.fromiter((len(note) // 2 for note in notes), np.int64, len(notes))
    buckets = np.frombuffer(b"".join(notes), "<u2").astype(np.int64)
    prompts = np.bincount(buckets, minlength=1 << SCHEME.bits)
    numbers = _numbers(prompts)
    weights = np.log((len(notes) + 1) / prompts[numbers >= 0]).astype(np.float32)
    columns = numbers[buckets]
    owners = np.repeat(np.arange(len(sizes)), sizes)[columns >= 0]
    kept = np.bincount(owners, minlength=len(sizes))
    table = Weighted(columns[columns >= 0], kept, weights)
    directions = _directions(table, len(weights), rng)
    points = table.times(directions)
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    there = lengths[:, 0] > 0
    return Topics(points[there] / lengths[there], numbers, directions * weights[:, None])


def _numbers(prompts: Ints) -> Ints:
    """Number the buckets that count, by how many prompts have each."""
    import numpy as np

    most = np.argsort(-prompts, kind="stable")[:FEATURES]
    counts = np.zeros(len(prompts), bool)
    counts[most[prompts[most] >= _LEAST]] = True
    return np.where(counts, np.cumsum(counts) - 1, -1)


def _directions(table: Weighted, columns: int, rng: np.random.Generator) -> Floats:
    """Return orthonormal columns: the directions in which the rows of the table differ most."""
    import numpy as np

    found: Floats = rng.standard_normal((columns, DIRECTIONS), np.float32)
    for _ in range(_ROUNDS):
        found = table.transposed_times(np.linalg.qr(table.times(found))[0])
    return np.linalg.qr(found)[0]
