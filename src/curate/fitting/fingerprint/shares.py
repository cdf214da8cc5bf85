"""Teacher shares of an unlabelled mixture.

A model mixes teachers up, so counting whom it names is biased. Held-out responses say how: what
share of each teacher's lands in which cell (whom it is taken for, how surely). The shares are
those under which the cells of the mixture are most likely, found by expectation maximisation.
The intervals draw both again: the responses of the mixture, and the held-out ones. Each draw's
search begins somewhere else, so where the cells leave the shares open, the interval is wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from curate.fitting.fingerprint.held_out import cells
from curate.fitting.fingerprint.model import Fingerprint, Guesses

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 500
_SETTLED = 1e-6
_DRAWS = 400
_SIDES = (0.05, 0.95)
"""Quantiles that a 90 % interval lies between."""


class Share(NamedTuple):
    """How much of a mixture one teacher wrote, with the bounds of a 90 % interval."""

    teacher: str
    value: float
    low: float
    high: float


def shares(guesses: Guesses, model: Fingerprint, seed: int = 0) -> list[Share]:
    """Return each teacher's share of the texts that the guesses are about; they sum to 1.

    It is taken for granted that the model knows every teacher in the mixture; a low mean of
    `guesses.known` says otherwise. Without a text there is nothing to say: the list is empty.
    """
    import numpy as np

    told = model.facts.confusion
    count = len(guesses.probabilities)
    if not count:
        return []
    held = np.array(told.counts, np.float64)
    found = np.bincount(cells(guesses.probabilities, told.edges), minlength=held.shape[1])
    even = np.full((1, len(held)), 1 / len(held))
    best = _likeliest(found[None].astype(np.float64), held[None], even)[0]
    rng = np.random.default_rng(seed)
    mixtures = rng.multinomial(count, found / count, size=_DRAWS).astype(np.float64)
    totals = held.sum(axis=1).astype(np.int64)
    again = [
        rng.multinomial(total, own / total, size=_DRAWS)
        for total, own in zip(totals, held, strict=True)
    ]
    starts = rng.dirichlet(np.ones(len(held)), size=_DRAWS)
    drawn = _likeliest(mixtures, np.stack(again, axis=1).astype(np.float64), starts)
    low, high = np.quantile(drawn, _SIDES, axis=0)
    return [
        Share(teacher, value, min(under, value), max(over, value))
        for teacher, value, under, over in zip(
            model.teachers, best.tolist(), low.tolist(), high.tolist(), strict=True
        )
    ]


def _likeliest(mixtures: Floats, held: Floats, starts: Floats) -> Floats:
    """Return the most likely shares, [k, T], of k mixtures.

    Args:
        mixtures: [k, cells], responses in each cell.
        held: [k, T, cells], held-out responses of each teacher in each cell; half a response is
            added to each, so that what was not seen is not impossible.
        starts: [k, T], where the search begins.
    """
    import numpy as np

    rates = held + 0.5
    rates /= rates.sum(axis=2, keepdims=True)
    parts = mixtures / mixtures.sum(axis=1, keepdims=True)
    found = starts
    for _ in range(_STEPS):
        expected = (found[:, :, None] * rates).sum(axis=1)
        new = found * (rates * (parts / expected)[:, None]).sum(axis=2)
        moved, found = float(np.abs(new - found).max()), new
        if moved < _SETTLED:
            break
    return found
