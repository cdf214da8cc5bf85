"""Score texts with a linear model, and say what in a text made the score."""

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import NamedTuple

from curate.fitting.model import Model
from curate.fitting.ngrams import fold
from curate.fitting.weighing import FRACTION, Tally, weigher
from curate.fitting.windows import cut

_REASONS = 5


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
    """A word that speaks for the positive label.

    `adds` is what it adds to the log odds before they are calibrated.
    """

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
            score, (start, end) = self._facts.calibration.probability(odds[best]), cuts[best]
            yield Scored(score, len(cuts), start, end, own[best].distinct, self._unlike(own))

    def reasons(self, texts: Sequence[str], scored: Sequence[Scored]) -> Iterator[list[Reason]]:
        """Yield, for each text, the few words of its highest window that add most."""
        pairs = list(zip(texts, scored, strict=True))
        windows = [fold(text)[each.start : each.end] for text, each in pairs]
        for words, each in zip(self._weigher.credits(windows), scored, strict=True):
            unit = self._facts.scale / sqrt(each.distinct or 1) / FRACTION
            most = sorted(words, key=lambda word: (-word.credit, word.start))[:_REASONS]
            yield [
                Reason(each.start + word.start, each.start + word.end, adds)
                for word in most
                if (adds := round(unit * word.credit, 2)) > 0
            ]

    def _odds(self, tally: Tally) -> float:
        return self._facts.bias + self._facts.scale * tally.total / sqrt(tally.distinct or 1)

    def _unlike(self, tallies: Sequence[Tally]) -> float:
        distinct = sum(tally.distinct for tally in tallies)
        unseen = sum(tally.unseen for tally in tallies)
        return self._facts.likeness.unlike(distinct, unseen)
