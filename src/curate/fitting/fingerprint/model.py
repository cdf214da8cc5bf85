"""A fitted fingerprint model, what it says about texts, and its file.

Like a linear model it keeps whole-number weights, so a text's total is exact and no answer
depends on what else is in the batch. An n-gram has one weight for each teacher; n-grams that were
never seen have none but zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from curate.fitting import description, hashing, tensors
from curate.fitting.extra import need_numpy
from curate.fitting.fingerprint.calibration import known, softmax
from curate.fitting.fingerprint.facts import FORMAT, KIND, Facts
from curate.fitting.ngrams import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Weights = NDArray[np.int16]

_ARRAY, _DTYPE = "weights", "I16"


@dataclass(frozen=True, eq=False)
class Guesses:
    """What a model says about n texts; it knows T teachers."""

    log_odds: Floats
    """[n, T]: calibrated evidence for each teacher. Summed over texts of one teacher, the highest
    names it."""
    probabilities: Floats
    """[n, T]: of each teacher, if it is one of them, each as likely beforehand; rows sum to 1."""
    known: Floats
    """[n]: probability that the text is by one of the teachers at all."""
    distinct: Ints
    """[n]: distinct n-grams of the text."""
    unseen: Ints
    """[n]: those of them that the model has never seen."""

    @property
    def best(self) -> Ints:
        """[n]: the position of the most likely teacher."""
        best: Ints = self.log_odds.argmax(axis=1)
        return best

    @property
    def confidence(self) -> Floats:
        """[n]: stated confidence that the most likely teacher wrote the text."""
        stated: Floats = self.known * self.probabilities.max(axis=1)
        return stated


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Tells teachers apart.

    Args:
        facts: Everything but the weights.
        weights: [buckets, T].
    """

    facts: Facts
    weights: Weights

    @property
    def teachers(self) -> tuple[str, ...]:
        """The teachers it knows, sorted."""
        return self.facts.teachers

    def predict(self, texts: Sequence[str]) -> Guesses:
        """Return what the model says about each text, whatever the other texts are."""
        import numpy as np

        nothing = np.zeros(0, np.int64)
        empty = (nothing, nothing, np.zeros((0, len(self.teachers)), np.int64))
        parts = [empty, *self._totals([fold(text[: self.facts.window]) for text in texts])]
        distinct, unseen, totals = (np.concatenate(part) for part in zip(*parts, strict=True))
        return self._guesses(distinct, unseen, totals)

    def save(self, path: Path) -> None:
        """Write the model's file.

        Raises:
            OSError: it cannot be written.
        """
        metadata = description.metadata(self.facts)
        tensors.write(path, metadata, _ARRAY, _DTYPE, self.weights.astype("<i2").tobytes())

    def _totals(self, folded: Sequence[str]) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield distinct n-grams, unseen ones and totals, some texts at a time."""
        import numpy as np

        for bounds, buckets in hashing.rows(folded, self.facts.scheme):
            found = self.weights[buckets]
            running = np.zeros((len(found) + 1, len(self.teachers)), np.int64)
            np.cumsum(found, axis=0, out=running[1:])
            blank = np.concatenate(([0], np.cumsum(~found.any(axis=1))))
            yield np.diff(bounds), np.diff(blank[bounds]), np.diff(running[bounds], axis=0)

    def _guesses(self, distinct: Ints, unseen: Ints, totals: Ints) -> Guesses:
        import numpy as np

        lengths = np.sqrt(np.maximum(distinct, 1))[:, None]
        odds = np.array(self.facts.biases) + self.facts.scale * totals / lengths
        calibration = self.facts.calibration
        log_odds = calibration.slope * odds + np.array(calibration.offsets)
        sure = known(calibration.known, odds.max(axis=1))
        return Guesses(log_odds, softmax(log_odds), sure, distinct, unseen)


def facts(path: Path) -> Facts:
    """Read what a model file says about its model.

    Raises:
        InputError: the file cannot be read, or holds no fingerprint this version can use.
    """
    return description.read(path, Facts, KIND, FORMAT)


def load(path: Path) -> Fingerprint:
    """Read a model file.

    Raises:
        InputError: the file cannot be read, or holds no fingerprint this version can use.
        UsageError: numpy is not installed.
    """
    np = need_numpy("a fingerprint")
    told = facts(path)
    buckets, teachers = 1 << told.scheme.bits, len(told.teachers)
    data = tensors.read(path, _ARRAY, _DTYPE, buckets * teachers)
    weights = np.frombuffer(data, "<i2").astype(np.int16).reshape(buckets, teachers)
    return Fingerprint(told, weights)
