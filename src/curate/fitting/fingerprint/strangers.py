"""What happens with a teacher the model has never met: each is left out in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from curate.fitting.fingerprint.calibration import (
    balanced,
    fit_known,
    fit_softmax,
    known,
    prior,
    softmax,
)
from curate.fitting.fingerprint.duels import mean_odds
from curate.fitting.fingerprint.facts import Calibration, Known, Stranger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Odds = NDArray[np.float32]

CUTS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Stated confidences that are reported on."""


def calibrate(odds: Odds, labels: Ints, among: Sequence[int], unknown: float) -> Calibration:
    """Return the calibration of the model of some teachers, by held-out duels.

    Args:
        odds: [n, T, T].
        labels: [n], true teachers.
        among: The teachers of the model; other teachers' responses are not looked at.
        unknown: The share of texts that are by other teachers.
    """
    import numpy as np

    own = np.isin(labels, among)
    slope, offsets = fit_softmax(mean_odds(odds[own], among), np.searchsorted(among, labels[own]))
    return Calibration(slope=slope, offsets=offsets, known=_known(odds, labels, among, unknown))


def state(odds: Floats, calibration: Calibration) -> tuple[Ints, Floats]:
    """Return the position of the most likely teacher, and the stated confidence in it."""
    import numpy as np

    shares = softmax(calibration.slope * odds + np.array(calibration.offsets))
    return shares.argmax(axis=1), known(calibration.known, odds.max(axis=1)) * shares.max(axis=1)


def strangers(
    odds: Odds, labels: Ints, teachers: Sequence[str], unknown: float
) -> tuple[Stranger, ...]:
    """Return what models without one teacher make of it; nothing about two teachers.

    Neither weights nor calibration of such a model know anything about the one left out.
    """
    import numpy as np

    found = []
    everybody = list(range(len(teachers)))
    for stranger in everybody if len(everybody) > 2 else ():
        rest = [each for each in everybody if each != stranger]
        best, stated = state(mean_odds(odds, rest), calibrate(odds, labels, rest, unknown))
        named, is_stranger = np.array(rest)[best], labels == stranger
        right = named == labels
        often = np.bincount(named[is_stranger], minlength=len(teachers)).argmax()
        found.append(
            Stranger(
                teacher=teachers[stranger],
                taken_for=teachers[int(often)],
                named={str(cut): _share(stated[is_stranger] >= cut) for cut in CUTS},
                kept={str(cut): _share(stated[right] >= cut) for cut in CUTS},
            )
        )
    return tuple(found)


def _known(odds: Odds, labels: Ints, among: Sequence[int], unknown: float) -> Known:
    import numpy as np

    if len(among) < 3 or not unknown:
        return prior(unknown)
    own = np.isin(labels, among)
    odds, labels = odds[own], labels[own]
    evidence, friends, weights = [], [], []
    for stranger in among:
        rest = [each for each in among if each != stranger]
        evidence.append(mean_odds(odds, rest).max(axis=1))
        friends.append(labels != stranger)
        weights.append(balanced(labels))
    return fit_known(
        np.concatenate(evidence), np.concatenate(friends), np.concatenate(weights), unknown
    )


def _share(mask: NDArray[np.bool_]) -> float:
    return round(float(mask.mean()), 6) if len(mask) else 0.0
