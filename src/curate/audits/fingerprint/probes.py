"""Probes to fit, what to ask each of them, and the fitting, several at a time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from curate.audits.fingerprint.material import TRAINED
from curate.fitting.fingerprint import training
from curate.fitting.fingerprint.model import Fingerprint, Guesses
from curate.fitting.fingerprint.samples import Sample
from curate.fitting.fingerprint.shares import Share, shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


FOLDS = 5
"""Folds that calibrate a probe, as in `curate fit fingerprint`;"""
FEWER_FOLDS = 3
"""of one whose confidence is read, but many of which are needed;"""
FEWEST_FOLDS = 2
"""of one whose confidence is not read. The fewer, the sooner it is fitted."""


class Fit(Protocol):
    """Fits a probe."""

    def __call__(self, samples: Sequence[Sample], seed: int, folds: int) -> Fingerprint:
        """Return a model of the samples, calibrated on so many folds of them."""


def fit(samples: Sequence[Sample], seed: int, folds: int) -> Fingerprint:
    """Fit the model that `curate fit fingerprint` fits."""
    return training.fit(samples, seed, training.Settings(folds=folds, least=TRAINED))


class Job(NamedTuple):
    """A probe to fit, and what to ask it."""

    train: Sequence[Sample]
    ask: Mapping[str, Sequence[str]]
    """Texts to judge, by any name."""
    mixtures: frozenset[str] = frozenset()
    """The names of those whose teacher shares are wanted."""
    folds: int = FOLDS


class Answer(NamedTuple):
    """What the probe of a job said."""

    teachers: tuple[str, ...]
    guesses: Mapping[str, Guesses]
    shares: Mapping[str, Sequence[Share]]

    def named(self, name: str, teachers: Sequence[str]) -> Ints:
        """Return the place in `teachers` of whom each text is named as; -1 where in none."""
        import numpy as np

        places = [teachers.index(each) if each in teachers else -1 for each in self.teachers]
        return np.array(places, np.int64)[self.guesses[name].best]


def answers(
    jobs: Mapping[str, Job],
    seed: int,
    workers: int,
    done: Callable[[int, int], None],
    fit: Fit = fit,
) -> dict[str, Answer]:
    """Return the answer to every job; any number of workers gives the same.

    Args:
        jobs: What to fit and to ask, by any name.
        seed: Of every fit.
        workers: Processes; 1: this one does it.
        done: Told how many of how many jobs are done.
        fit: Fits a probe; with several workers, a function other processes can import.
    """
    found: dict[str, Answer] = {}
    work = _answered(list(jobs.values()), partial(_answer, fit, seed), min(workers, len(jobs)))
    for name, answer in zip(jobs, work, strict=True):
        found[name] = answer
        done(len(found), len(jobs))
    return found


def _answered(
    jobs: Sequence[Job], answer: Callable[[Job], Answer], workers: int
) -> Iterator[Answer]:
    if workers < 2:
        yield from map(answer, jobs)
        return
    # fresh interpreters: a fork would copy the locks of whatever threads this process has
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(answer, jobs)


def _answer(fit: Fit, seed: int, job: Job) -> Answer:
    model = fit(job.train, seed, job.folds)
    guesses = {name: model.predict(texts) for name, texts in job.ask.items() if texts}
    wanted = {name: shares(guesses[name], model, seed) for name in job.mixtures if name in guesses}
    return Answer(model.teachers, guesses, wanted)
