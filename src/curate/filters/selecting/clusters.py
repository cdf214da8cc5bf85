"""Clusters of prompts: what is gathered, what is learned, and the filter that judges by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from curate.api import Context, Filter, Judge, Record, Rule, Verdict
from curate.errors import UsageError
from curate.filters.selecting.sketches import NO_PROMPT, sketches
from curate.fitting.extra import need_numpy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from curate.filters.selecting.sketches import Sketch

SAMPLE = 50_000
"""Prompts that are clustered; of more, a fair sample."""
UNLIKE = Verdict(None, "unlike_all")
_WHOLE = 32_767
_AT_ONCE = 256
"""Records judged together, so that what is gathered for them stays small."""


class Gathering:
    """The study of a clustering: a fair sample of the prompts, whatever their number.

    The same prompts, seed and numpy give the same clusters; on another processor the last bits of
    its sums may differ, and a prompt between two clusters may change sides.

    Args:
        k: How many clusters.
        numbers: Those that are hits.
        ctx: Its seed decides every draw.
    """

    def __init__(self, k: int, numbers: Sequence[int], ctx: Context) -> None:
        self._k, self._numbers = k, tuple(sorted(set(numbers)))
        self._rng = ctx.rng("select", "cluster")
        self._notes: list[bytes] = []
        self._seen = 0

    def add(self, note: bytes) -> None:
        """Take in a prompt's buckets (Vitter 1985, algorithm R)."""
        self._seen += 1
        if len(self._notes) < SAMPLE:
            self._notes.append(note)
        elif (at := self._rng.randrange(self._seen)) < SAMPLE:
            self._notes[at] = note

    def learn(self, hits: int | None) -> Clustered:  # noqa: ARG002  (it goes by no other step)
        """Return the filter that knows the clusters.

        Raises:
            UsageError: fewer prompts than clusters have words in common with others.
        """
        np = need_numpy("cluster")

        from curate.filters.selecting.kmeans import cluster
        from curate.filters.selecting.topics import topics

        rng = np.random.default_rng(self._rng.getrandbits(64))
        prompts = list(dict.fromkeys(self._notes))  # several teachers may have answered each
        found = topics(prompts, rng)
        if len(found.points) < self._k:
            raise UsageError(
                f"cluster: k is {self._k}, but of {len(prompts):,} different prompts only "
                f"{len(found.points):,} have words in common with others; ask for fewer clusters"
            )
        weights = found.basis @ cluster(found.points, self._k, rng).T
        whole = np.rint(weights * (_WHOLE / np.abs(weights).max())).astype("<i2")
        return Clustered(
            k=self._k,
            numbers=self._numbers,
            places=found.numbers.astype("<i4").tobytes(),
            weights=whole.tobytes(),
        )


class Clustered(Filter):
    """Scores 1 a record whose prompt lies in a cluster that is wanted, else 0.

    The reason is `cluster_N`, hit or not. All sums are of whole numbers, so a record lies in the
    same cluster whatever else is in its batch.
    """

    name: ClassVar[str] = "select"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    k: int
    numbers: tuple[int, ...]
    places: bytes
    """For each bucket, 4 bytes: its row in `weights`, or -1."""
    weights: bytes
    """For each n-gram that counts, `k` times 2 bytes: how much it speaks for each cluster."""

    def selects(self) -> bool:
        """Say that it picks records by their prompts, as `Select` does."""
        return True

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:  # noqa: ARG002
        """Yield the judge."""
        import numpy as np

        places = np.frombuffer(self.places, "<i4")
        weights = np.frombuffer(self.weights, "<i2").reshape(-1, self.k)
        verdicts = [Verdict(float(n in self.numbers), f"cluster_{n}") for n in range(self.k)]

        def judge(records: Sequence[Record]) -> list[Verdict]:
            return [
                verdicts[each] if isinstance(each, int) else each
                for at in range(0, len(records), _AT_ONCE)
                for each in _clusters(sketches(records[at : at + _AT_ONCE]), places, weights)
            ]

        yield judge


def _clusters(
    prompts: Sequence[Sketch], places: NDArray[np.int32], weights: NDArray[np.int16]
) -> Iterator[int | Verdict]:
    """Yield the cluster of each prompt, or an abstention where none of its n-grams counts."""
    import numpy as np

    sizes = [len(prompt) for prompt in prompts]
    rows = places[np.concatenate([*prompts, np.empty(0, np.uint16)])]
    owners = np.repeat(np.arange(len(prompts)), sizes)[rows >= 0]
    there, starts = np.unique(owners, return_index=True)
    sums = np.zeros((len(prompts), weights.shape[1]), np.int64)
    if len(there):
        sums[there] = np.add.reduceat(weights[rows[rows >= 0]], starts, dtype=np.int64)
    best, known = sums.argmax(axis=1).tolist(), set(there.tolist())
    for n, size in enumerate(sizes):
        yield best[n] if n in known else (UNLIKE if size else NO_PROMPT)
