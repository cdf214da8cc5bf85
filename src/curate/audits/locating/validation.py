"""Whether the ranking is right: what it predicts of switched groups, against what students show.

Groups are not switched one by one. What one of forty does to a trait that all of them teach is too
little to be seen; what a random half does is not. So each student has a random half of the groups
switched, another one the other half, and the ranking must order the students: the linear
datamodelling score of Park et al. 2023, "TRAK: attributing model behavior at scale" (after Ilyas et
al. 2022). The predicted effect of a half is the sum of its groups' scores. Chance is the same with
the scores dealt out to the groups anew: groups are of one size, so all deals are equally likely
where the ranking knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from curate.api import Context
from curate.audits.locating.groups import Group
from curate.audits.locating.probes import Probe, Probes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

DRAWS = 10_000
SEEDS = 8
_AT_ONCE = 500
"""Draws ranked at once."""


class Correlation(NamedTuple):
    """How well predictions order what was measured, and how well chance does."""

    value: float
    """Spearman's, between the predicted and the measured fall of the students."""
    p: float
    """The share of draws that do as well, one-sided."""
    low: float
    high: float
    """The range of 95 % of the draws."""


class Halves(NamedTuple):
    """What students showed for whom random halves of the groups were switched."""

    switched: Bools
    """[student, group]"""
    scores: Floats
    """By student."""

    def effects(self) -> list[float]:
        """Return by how much less is shown on average when a group is switched, by group."""
        on = self.switched
        means = [(self.scores @ some) / some.sum(axis=0) for some in (~on, on)]
        return [float(each) for each in means[0] - means[1]]

    @property
    def noise(self) -> float:
        """The standard error of such a difference, from what else was switched and from seeds."""
        return float(2 * self.scores.std() / len(self.scores) ** 0.5)


def halves(groups: Sequence[Group], pairs: int, probes: Probes, ctx: Context) -> Halves:
    """Train pairs of students: one with a random half of the groups switched, one with the other.

    Raises:
        Spent: the budget does not reach.
    """
    import numpy as np

    rng = np.random.default_rng(ctx.rng("locating", "halves").getrandbits(64))
    drawn = [rng.permutation(len(groups)) < len(groups) // 2 for _ in range(pairs)]
    switched = np.array([half for one in drawn for half in (one, ~one)])
    first = ctx.rng("locating", "seeds").getrandbits(31)
    wanted = [
        Probe(
            frozenset().union(*(group.keys for group, on in zip(groups, half, strict=True) if on)),
            first + place // 2 % SEEDS,
        )
        for place, half in enumerate(switched)
    ]
    return Halves(switched, np.array(probes.show(wanted)))


def correlation(
    predicted: Sequence[float], measured: Halves, ctx: Context, draws: int = DRAWS
) -> Correlation:
    """Return how well the groups' scores order the students, against scores dealt out anew."""
    import numpy as np

    scores, on = np.array(predicted), measured.switched
    rng = np.random.default_rng(ctx.rng("locating", "chance").getrandbits(64))
    if np.ptp(scores) == 0 or np.ptp(measured.scores) == 0:
        return Correlation(0.0, 1.0, 0.0, 0.0)
    fell = -measured.scores
    (value,) = _spearman(on @ scores[:, None], fell)
    chance = np.concatenate(
        [
            _spearman(on @ rng.permuted(np.tile(scores, (_AT_ONCE, 1)), axis=1).T, fell)
            for _ in range(draws // _AT_ONCE)
        ]
    )
    low, high = np.quantile(chance, (0.025, 0.975))
    p = (1 + int((chance >= value).sum())) / (1 + len(chance))
    return Correlation(float(value), p, float(low), float(high))


def _spearman(columns: Floats, other: Floats) -> Floats:
    """Return the rank correlation of each column with the other values."""
    import numpy as np

    one, two = _ranks(columns), _ranks(other[:, None])
    one, two = one - one.mean(axis=0), two - two.mean(axis=0)
    found: Floats = (one * two).sum(axis=0) / np.sqrt((one**2).sum(axis=0) * (two**2).sum())
    return found


def _ranks(columns: Floats) -> Floats:
    """Return the place of each value in its column; what is equal comes as it stands."""
    order = columns.argsort(axis=0, kind="stable")
    return order.argsort(axis=0, kind="stable").astype(float)
