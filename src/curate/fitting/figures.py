"""What a classifier reaches on labelled texts it has not seen, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from curate.fitting import intervals
from curate.fitting.calibration import calibration_error
from curate.traits.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


class Figures(BaseModel):
    """Counts and measures; a measure is None where its class is empty."""

    model_config = ConfigDict(frozen=True)

    texts: int
    positives: int
    hits: int
    precision: Interval | None
    recall: Interval | None
    f1: Interval | None
    auc: Interval | None
    calibration_error: float

    @property
    def prevalence(self) -> float:
        """The share of positives."""
        return self.positives / self.texts if self.texts else 0.0


MEASURES = ("precision", "recall", "f1", "auc")
"""The measures that have intervals."""


def measure(scores: Floats, hits: Bools, labels: Bools) -> Figures:
    """Return the figures of scores of which some were hits."""
    positives, right = int(labels.sum()), int((hits & labels).sum())
    found, negatives = int(hits.sum()), len(labels) - positives
    return Figures(
        texts=len(labels),
        positives=positives,
        hits=found,
        precision=intervals.share(right, found),
        recall=intervals.share(right, positives),
        f1=intervals.f1(right, found - right, positives - right),
        auc=intervals.auc(*_area(scores, labels), positives, negatives),
        calibration_error=round(calibration_error(scores, labels), 6),
    )


def changes(now: Figures, before: Figures) -> dict[str, Interval]:
    """Return how far each measure that both have moved, with the interval of the difference."""
    pairs = ((name, getattr(now, name), getattr(before, name)) for name in MEASURES)
    return {name: intervals.difference(one, two) for name, one, two in pairs if one and two}


def _area(scores: Floats, labels: Bools) -> tuple[float, float]:
    """Return the share of pairs of a positive and a negative in order, and its variance.

    Ties count half. The variance is that of DeLong, DeLong & Clarke-Pearson (1988).
    """
    positives, negatives = scores[labels], scores[~labels]
    if not len(positives) or not len(negatives):
        return 0.5, 0.0
    ranks = _ranks(scores)
    below = (ranks[labels] - _ranks(positives)) / len(negatives)
    above = 1 - (ranks[~labels] - _ranks(negatives)) / len(positives)
    variance = sum(float(part.var()) / max(len(part) - 1, 1) for part in (below, above))
    return float(below.mean()), variance


def _ranks(scores: Floats) -> Floats:
    """Return the places of scores in their order, from 1; equal scores share the mean place."""
    import numpy as np

    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return ranks
