"""What held-out responses say about a fingerprint: accuracy, bags, what a confidence means."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

from curate.fitting import intervals
from curate.fitting.fingerprint.calibration import softmax
from curate.fitting.fingerprint.duels import mean_odds
from curate.fitting.fingerprint.facts import Calibration, Confusion, Cut, HeldOut
from curate.fitting.fingerprint.strangers import CUTS, state, strangers
from curate.fitting.intervals import Z
from curate.traits.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Odds = NDArray[np.float32]

BAG = 10
"""Responses in a bag."""
_TIERS = 3


def held_out(
    odds: Odds,
    labels: Ints,
    prompts: Sequence[str],
    teachers: Sequence[str],
    calibration: Calibration,
    unknown: float,
    seed: int,
) -> HeldOut:
    """Return the figures of held-out duels; `seed` decides who shares a bag."""
    import numpy as np

    means = mean_odds(odds, range(len(teachers)))
    best, stated = state(means, calibration)
    right = best == labels
    log_odds = calibration.slope * means + np.array(calibration.offsets)
    bags = in_bags(log_odds, labels, BAG, seed)
    return HeldOut(
        accuracy=clustered(right, prompts),
        chance=float(np.bincount(labels).max() / len(labels)),
        recall={
            teacher: round(float(right[labels == label].mean()), 6)
            for label, teacher in enumerate(teachers)
        },
        bag=BAG,
        bags=intervals.share(int(bags.sum()), len(bags)),
        cuts=tuple(_cut(cut, stated, right) for cut in CUTS),
        strangers=strangers(odds, labels, teachers, unknown),
    )


def confusion(odds: Odds, labels: Ints, calibration: Calibration) -> Confusion:
    """Return what held-out responses were taken for; tiers hold about as many responses each."""
    import numpy as np

    width = len(calibration.offsets)
    means = mean_odds(odds, range(width))
    shares = softmax(calibration.slope * means + np.array(calibration.offsets))
    edges = np.quantile(shares.max(axis=1), np.arange(1, _TIERS) / _TIERS).tolist()
    found = cells(shares, edges)
    counts = [np.bincount(found[labels == each], minlength=width * _TIERS) for each in range(width)]
    return Confusion(edges=tuple(edges), counts=tuple(tuple(each.tolist()) for each in counts))


def cells(probabilities: Floats, edges: Sequence[float]) -> Ints:
    """Return the cell of each response: its most likely teacher, and how likely that is."""
    import numpy as np

    tiers = np.searchsorted(edges, probabilities.max(axis=1), side="right")
    found: Ints = probabilities.argmax(axis=1) * (len(edges) + 1) + tiers
    return found


def in_bags(log_odds: Floats, labels: Ints, size: int, seed: int) -> Bools:
    """Return whether each bag was named rightly.

    A bag holds `size` responses of one teacher, and no response is in two bags; what does not
    fill a bag is left over.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    found = [np.zeros(0, bool)]
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        bags = own[: len(own) // size * size].reshape(-1, size)
        found.append(log_odds[bags].sum(axis=1).argmax(axis=1) == label)
    return np.concatenate(found)


def clustered(right: Bools, prompts: Sequence[str]) -> Interval:
    """Return the share of `right` with its 95 % interval, prompts taken for independent.

    Wilson's interval for as many responses as would vary as much if they were independent.
    """
    import numpy as np

    _, groups = np.unique(np.array(prompts), return_inverse=True)
    count, rate = len(right), float(right.mean())
    off = np.bincount(groups, right - rate)
    variance = float((off**2).sum()) / count**2
    alone = rate * (1 - rate) / count
    extra = Z * Z / (count * min(alone / variance, 1.0) if variance and alone else count)
    centre = (rate + extra / 2) / (1 + extra)
    half = sqrt(extra) * sqrt(rate * (1 - rate) + extra / 4) / (1 + extra)
    return Interval(rate, min(max(centre - half, 0.0), rate), max(min(centre + half, 1.0), rate))


def _cut(cut: float, stated: Floats, right: Bools) -> Cut:
    sure = stated >= cut
    return Cut(
        confidence=cut,
        kept=round(float(sure[right].mean()), 6) if right.any() else 0.0,
        right=round(float(right[sure].mean()), 6) if sure.any() else None,
    )
