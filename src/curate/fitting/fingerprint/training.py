"""Fit a fingerprint, and measure it only on responses to prompts it has not seen.

Prompts are dealt into folds. Each fold is judged by duels fitted on the others; those outcomes
calibrate the probabilities, say what a stranger looks like and give the figures. The model that is
kept is fitted on everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from curate import __version__
from curate.errors import InputError
from curate.fitting import windows
from curate.fitting.extra import need_numpy
from curate.fitting.fingerprint.choosing import Chosen, choose
from curate.fitting.fingerprint.duels import outcomes, whole
from curate.fitting.fingerprint.facts import Facts, Training
from curate.fitting.fingerprint.held_out import confusion, held_out
from curate.fitting.fingerprint.model import Fingerprint
from curate.fitting.fingerprint.samples import Sample
from curate.fitting.fingerprint.strangers import calibrate
from curate.fitting.folds import assign
from curate.fitting.likeness import likeness
from curate.fitting.ngrams import Scheme
from curate.fitting.table import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Odds = NDArray[np.float32]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """How a fingerprint is fitted."""

    scheme: Scheme = field(default_factory=lambda: Scheme(words=(1, 2), chars=(), bits=18))
    penalty: float = 0.02
    folds: int = 5
    least: int = 50
    """Responses a teacher must have to be told from others,"""
    most: int = 5000
    """and those that are looked at."""
    unknown: float = 0.2
    """The share of texts taken to be by teachers not fitted on, before a text is read; 0: none."""


def fit(
    samples: Sequence[Sample],
    seed: int = 0,
    settings: Settings | None = None,
    progress: Progress = lambda _: None,
    files: Mapping[str, str] = MappingProxyType({}),
) -> Fingerprint:
    """Return a model of the samples that name a teacher; others are counted only.

    Args:
        samples: Responses.
        seed: Of folds, bags and draws.
        settings: How.
        progress: Told what is being done.
        files: Where the samples come from -> SHA-256, for the record.

    Raises:
        InputError: fewer than two teachers have enough responses.
        UsageError: numpy is not installed.
    """
    need_numpy("fitting")
    import numpy as np

    settings = settings or Settings()
    chosen = choose(samples, settings.least, settings.most, seed)
    window = windows.fitting([len(text) for text in chosen.texts])
    progress("finding n-grams")
    table = Table([text[:window] for text in chosen.texts], settings.scheme, window)
    labels = np.array(chosen.labels)
    odds, unseen = _cross(table, chosen, labels, settings, seed, progress)
    everybody = range(len(chosen.teachers))
    calibration = calibrate(odds, labels, everybody, settings.unknown)
    progress(f"fitting {settings.folds + 1} of {settings.folds + 1}")
    weights, biases, scale = whole(table, labels, settings.penalty)
    facts = Facts(
        curate=__version__,
        scheme=settings.scheme,
        window=window,
        teachers=chosen.teachers,
        biases=tuple(biases.tolist()),
        scale=scale,
        calibration=calibration,
        confusion=confusion(odds, labels, calibration),
        likeness=likeness(table.distinct(), unseen, seed),
        training=_training(chosen, settings, seed, files),
        held_out=held_out(
            odds, labels, chosen.prompts, chosen.teachers, calibration, settings.unknown, seed
        ),
    )
    return Fingerprint(facts, weights)


def _cross(
    table: Table, chosen: Chosen, labels: Ints, settings: Settings, seed: int, progress: Progress
) -> tuple[Odds, Ints]:
    """Return all duels over every response, and its unseen n-grams, by models of other folds."""
    import numpy as np

    keys = chosen.prompts
    folds = np.array(assign(keys, [True] * len(keys), settings.folds, seed))
    width = len(chosen.teachers)
    odds = np.zeros((len(labels), width, width), np.float32)
    unseen = np.zeros(len(labels), np.int64)
    for fold in range(settings.folds):
        progress(f"fitting {fold + 1} of {settings.folds + 1}")
        _check(labels[folds != fold], chosen.teachers)
        held = folds == fold
        odds[held], unseen[held] = outcomes(table, labels, folds, fold, settings.penalty)
    return odds, unseen


def _check(labels: Ints, teachers: Sequence[str]) -> None:
    missing = sorted(set(range(len(teachers))) - set(labels.tolist()))
    if missing:
        names = ", ".join(teachers[each] for each in missing)
        raise InputError(f"{names}: too few different prompts to hold any out; leave it out")


def _training(chosen: Chosen, settings: Settings, seed: int, files: Mapping[str, str]) -> Training:
    return Training(
        files=dict(files),
        rows=chosen.rows,
        left_out=chosen.left_out,
        unlabelled=chosen.unlabelled,
        prompts=len(set(chosen.prompts)),
        shared=chosen.shared,
        seed=seed,
        folds=settings.folds,
        penalty=settings.penalty,
        unknown=settings.unknown,
    )
