"""Which rows an audit is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from curate.audits.fingerprint.splits import draw
from curate.fitting.fingerprint.samples import Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LEAST = 30
"""Prompts a teacher must have answered to be told from others, and rows a number must rest on."""
TRAINED = 10
"""Rows a probe needs of a teacher: fewer than 30 prompts leave of theirs, but for bad luck."""


class Material(NamedTuple):
    """The rows that name one of the teachers the audit is about."""

    samples: list[Sample]
    teachers: tuple[str, ...]
    """Those with enough prompts, sorted."""
    truth: Ints
    """The teacher of each sample, as its place in `teachers`."""
    prompts: Ints
    """The prompt of each sample, as a number."""
    unlabelled: list[Sample]
    """Rows that name no teacher."""
    counts: dict[str, int]
    """Teacher -> rows in the corpora, of every teacher."""
    few: dict[str, tuple[int, int]]
    """Teacher with too few prompts to be told apart -> its rows, its prompts."""


def choose(samples: Sequence[Sample], most: int, seed: int) -> Material:
    """Return the rows of every teacher with enough prompts, at most `most` of each.

    Where there are more, the rows of a random set of prompts are taken, the same set for all
    teachers, so that answers to the same prompts stay together.
    """
    import numpy as np

    counts = Counter(sample.teacher for sample in samples if sample.teacher is not None)
    asked = Counter(teacher for teacher, _ in {(each.teacher, each.prompt) for each in samples})
    teachers = tuple(name for name in sorted(counts) if asked[name] >= LEAST)
    of_teacher: defaultdict[str, list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        if sample.teacher in teachers:
            of_teacher[sample.teacher].append(place)
    for places in of_teacher.values():
        if len(places) > most:
            places.sort(key=lambda place: (draw(samples[place].prompt, seed, "rows"), place))
            del places[most:]
    chosen = [samples[place] for place in sorted(chain.from_iterable(of_teacher.values()))]
    place_of = {name: place for place, name in enumerate(teachers)}
    return Material(
        samples=chosen,
        teachers=teachers,
        truth=np.array([place_of[str(sample.teacher)] for sample in chosen], np.int64),
        prompts=numbered([sample.prompt for sample in chosen]),
        unlabelled=[sample for sample in samples if sample.teacher is None],
        counts=dict(sorted(counts.items())),
        few={name: (counts[name], asked[name]) for name in sorted(counts) if name not in teachers},
    )


def numbered(keys: Sequence[str]) -> Ints:
    """Return a number for each key, equal for equal keys."""
    import numpy as np

    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
