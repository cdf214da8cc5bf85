"""Score texts with a linear model, and say what in a text made the score."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import exp, sqrt
from typing import NamedTuple

from curate.fitting.calibration import DIGITS
from curate.fitting.model import Model
from curate.fitting.ngrams import fold
from curate.fitting.weighing import Tally, weigher
from curate.fitting.windows import cut


class Scored(NamedTuple):
    """What a model says about one text."""

    score: float
    """The calibrated probability of the positive label in the highest window."""
    windows: int
    start: int
    end: int
    """Where the highest window lies in the text."""
    distinct: int
    """N-grams of that window."""
    unlike: float
    """Share of held-out texts with a smaller part of unseen n-grams; near 1: another kind."""


class Reason(NamedTuple):
    """An n-gram that speaks for the positive label: where it stands, what it adds to log odds."""

    start: int
    end: int
    adds: float


class Scorer:
    """Scores texts with one model.

    Args:
        model: The model.
        fast: False leaves numpy out even where it is installed; no score changes.
    """

    def __init__(self, model: Model, *, fast: bool = True) -> None:
        self._facts = model.facts
        self._weigher = weigher(model.weights, model.facts.scheme, fast=fast)

    def score(self, texts: Sequence[str]) -> Iterator[Scored]:
        """Yield what the model says about each text."""
        folded = [fold(text) for text in texts]
        places = [list(cut(text, self._facts.window)) for text in folded]
        pieces = [
            text[start:end]
            for text, cuts in zip(folded, places, strict=True)
            for start, end in cuts
        ]
        tallies = iter(self._weigher.tallies(pieces))
        for cuts in places:
            own = [next(tallies) for _ in cuts]
            odds = [self._odds(tally) for tally in own]
            best = odds.index(max(odds))
            score, (start, end) = _probability(odds[best]), cuts[best]
            yield Scored(score, len(cuts), start, end, own[best].distinct, self._unlike(own))

    def reasons(self, text: str, scored: Scored, most: int) -> list[Reason]:
        """Return the n-grams that speak most for the positive label, none overlapping another."""
        window = fold(text)[scored.start : scored.end]
        unit = self._facts.scale / sqrt(scored.distinct or 1)
        found: list[Reason] = []
        for weight, start, end in self._weigher.heaviest(window):
            start, end = scored.start + start, scored.start + end
            if len(found) < most and all(end <= other.start or other.end <= start for other in found):
                found.append(Reason(start, end, unit * weight))
        return found

    def _odds(self, tally: Tally) -> float:
        return self._facts.bias + self._facts.scale * tally.total / sqrt(tally.distinct or 1)

    def _unlike(self, tallies: Sequence[Tally]) -> float:
        distinct = sum(tally.distinct for tally in tallies)
        unseen = sum(tally.unseen for tally in tallies)
        below = bisect_left(self._facts.unseen, unseen / distinct if distinct else 0.0)
        return min(below, 100) / 100


def _probability(odds: float) -> float:
    return round(1 / (1 + exp(-min(max(odds, -700.0), 700.0))), DIGITS)
