"""Fit a linear classifier, and measure it only on texts it has not seen.

Texts are dealt into folds. Each fold is scored by a model of the others: those log odds calibrate
the scores, choose the threshold and give the figures. For the figures, the calibration and the
threshold of a fold come from the other folds too. The model that is kept is fitted on everything.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from curate import __version__
from curate.errors import InputError
from curate.fitting import calibration, logistic, windows
from curate.fitting.extra import need_numpy
from curate.fitting.figures import Figures, measure
from curate.fitting.folds import assign
from curate.fitting.labels import Labelled
from curate.fitting.likeness import likeness
from curate.fitting.model import Facts, Model, Other, Training
from curate.fitting.ngrams import Scheme
from curate.fitting.scoring import Scorer
from curate.fitting.table import Fitted, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

LEAST = 10
"""Texts of each label that are needed to hold any out."""
_LARGEST = 32767

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How a model is fitted."""

    scheme: Scheme = field(default_factory=Scheme)
    penalty: float = logistic.PENALTY
    folds: int = 5
    seed: int = 0
    window: int | None = None
    """Characters scored at once; None: as many as 99 % of the texts have."""
    group: str | None = None
    """The field whose values were kept together, for the record."""


def fit(labelled: Labelled, settings: Settings, progress: Progress = lambda _: None) -> Model:
    """Return a model of the labelled texts.

    Raises:
        InputError: there are too few texts of a label, or nothing in them tells the labels apart.
        UsageError: numpy is not installed.
    """
    np = need_numpy("fitting")
    _check(labelled, settings)
    labels = np.array(labelled.labels)
    lengths = sorted(map(len, labelled.texts))
    window = settings.window or windows.fitting(lengths)
    progress("finding n-grams")
    table = Table(labelled.texts, settings.scheme, window)
    folds = np.array(assign(labelled.groups, labelled.labels, settings.folds, settings.seed))
    odds, unseen = np.zeros(len(labels)), np.zeros(len(labels), np.int64)
    for fold in range(settings.folds):
        progress(f"fitting {fold + 1} of {settings.folds + 1}")
        held = folds == fold
        fitted = table.fit(~held, labels, settings.penalty)
        odds[held], unseen[held] = table.odds(fitted)[held], table.unseen(fitted)[held]
    choice = _choice(odds, labels)
    progress(f"fitting {settings.folds + 1} of {settings.folds + 1}")
    final = table.fit(np.ones(len(labels), bool), labels, settings.penalty)
    weights, unit = _whole(final)
    facts = Facts(
        curate=__version__,
        scheme=settings.scheme,
        positive=labelled.positive,
        threshold=choice.threshold,
        bias=final.bias,
        scale=unit,
        calibration=choice.calibration,
        window=window,
        likeness=likeness(table.distinct(), unseen, settings.seed),
        training=_training(labelled, settings, lengths),
        held_out=_held_out(odds, labels, folds),
    )
    return Model(facts, weights)


def also(model: Model, trained: Labelled, other: Labelled) -> Model:
    """Return the model with what it reaches on other texts; those it was fitted on are left out.

    Raises:
        InputError: no text is left.
    """
    np = need_numpy("fitting")
    known = set(trained.keys)
    chosen = [n for n, key in enumerate(other.keys) if key not in known]
    if not chosen:
        raise InputError(f"{', '.join(other.files)}: the model was fitted on every text in it")
    scored = list(Scorer(model).score([other.texts[n] for n in chosen]))
    scores = np.array([each.score for each in scored])
    labels = np.array([other.labels[n] for n in chosen])
    reached = Other(
        files=other.files,
        known=len(other.keys) - len(chosen),
        unlike=round(float(np.median([each.unlike for each in scored])), 6),
        figures=measure(scores, scores >= model.facts.threshold, labels),
    )
    return replace(
        model, facts=model.facts.model_copy(update={"also": (*model.facts.also, reached)})
    )


def _check(labelled: Labelled, settings: Settings) -> None:
    least = max(LEAST, settings.folds)
    for said, label in ((labelled.positive, True), ("not " + labelled.positive, False)):
        pairs = zip(labelled.groups, labelled.labels, strict=True)
        count = len({group for group, own in pairs if own is label})
        if count < least:
            what = "texts" if settings.group is None else f"values of {settings.group!r}"
            raise InputError(
                f"{count} different {what} are labelled {said}; {least} of each label are needed "
                "to fit on some and measure on others"
            )


def _choice(odds: Floats, labels: Bools) -> calibration.Choice:
    choice = calibration.choose(odds, labels)
    if max(choice.calibration.below, choice.calibration.above) == 0:
        raise InputError(
            "nothing in these texts tells the labels apart: held-out texts are scored no better "
            "than by chance; more labelled texts may help, or another kind of filter"
        )
    return choice


def _held_out(odds: Floats, labels: Bools, folds: Ints) -> Figures:
    """Return the figures of every fold, calibrated and with a threshold as the others have it."""
    import numpy as np

    scores, hits = np.zeros(len(odds)), np.zeros(len(odds), bool)
    for fold in np.unique(folds):
        held = folds == fold
        choice = calibration.choose(odds[~held], labels[~held])
        scores[held] = calibration.probabilities(choice.calibration, odds[held])
        hits[held] = scores[held] >= choice.threshold
    return measure(scores, hits, labels)


def _whole(fitted: Fitted) -> tuple[array[int], float]:
    """Return the weights as whole numbers, and what one of them is worth.

    What was seen keeps a weight of at least one, so that 0 means unseen.
    """
    import numpy as np

    unit = float(np.abs(fitted.weights).max()) / _LARGEST or 1.0
    weights = np.rint(fitted.weights / unit).astype(np.int16)
    faint = fitted.seen & (weights == 0)
    weights[faint] = np.where(fitted.weights[faint] < 0, -1, 1)
    return array("h", weights.tobytes()), unit


def _training(labelled: Labelled, settings: Settings, lengths: Sequence[int]) -> Training:
    last = len(lengths) - 1
    return Training(
        files=labelled.files,
        rows=labelled.rows,
        texts=len(labelled.texts),
        positives=labelled.positives,
        contradictions=labelled.contradictions,
        group=settings.group,
        seed=settings.seed,
        folds=settings.folds,
        penalty=settings.penalty,
        lengths=tuple(lengths[last * quarter // 4] for quarter in range(5)),
    )
