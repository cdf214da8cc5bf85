"""A probe that has learned to tell dropped rows from kept ones, and what it sees in the kept ones.

Learning from positive and unlabelled examples (Elkan & Noto 2008, KDD, 213): dropped rows are
positive, kept ones may be either. A model of who was dropped, g(x) = P(dropped | x), is a constant
times a model of who is positive, if which positives were dropped is chance. The constant is
c = P(dropped | positive), estimated by the mean of g over dropped rows, and a kept row is positive
with probability w(x) = (1 - c) / c * g(x) / (1 - g(x)). A filter does not drop by chance but by
what is plain to see; so the share of positives counts kept rows that read like dropped ones, and
those of another kind are not in it.

Rows are dealt into folds by prompt. Every score is by a model, and calibrated by scores, of other
folds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from curate.api import Context
from curate.audits.residue.grading import PROBE, Grade, kept
from curate.audits.rows import Conversation, Material
from curate.fitting import calibration, logistic, windows
from curate.fitting.extra import need_numpy
from curate.fitting.figures import measure
from curate.fitting.folds import assign
from curate.fitting.ngrams import Scheme
from curate.fitting.table import Table
from curate.records import JOIN, normalise
from curate.traits.intervals import Interval, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

FOLDS = 5
LEAST = 20
"""Prompts of dropped rows, and of kept ones, that are needed to hold any out."""
MOST = 20_000
"""Rows of a side that are read; of more, so many are drawn."""
SURE = 1e-6
"""No row is dropped or kept for certain."""
_Z = 1.959963984540054

Progress = Callable[[str], None]


class _Text(NamedTuple):
    key: str
    text: str
    prompt: str
    dropped: bool


@dataclass(frozen=True)
class Probe:
    """What the probe found."""

    dropped: int
    kept: int
    """Rows that were read."""
    auroc: Interval
    """How often a dropped row scores above a kept one; 0.5 is chance."""
    by_length: float
    """The same by length alone, whichever way round it tells more."""
    found: Interval | None
    """c: of the rows like those that were dropped, the share that was. None at chance."""
    positives: Interval | None
    """The share of kept rows that read like dropped ones. None at chance."""
    likeness: Mapping[str, float]
    """Kept row -> the probability that it is one of them; at chance, that it was dropped. In the
    order of g, the highest first."""

    @property
    def tells(self) -> bool:
        """Whether dropped rows are told from kept ones better than by chance."""
        return self.auroc.low > 0.5

    @property
    def grade(self) -> Grade:
        """The order of the kept rows as a grade: 1 reads most like a dropped one, 0 least.

        The order and not the probability: a word that all dropped rows share, and no kept one has,
        makes the probability of every kept row about 0, mild ones among them.
        """
        ordered = list(self.likeness) if self.tells else []
        strengths = {key: 1 - (at + 0.5) / len(ordered) for at, key in enumerate(ordered)}
        return Grade(PROBE, "likeness to hits", dict(self.likeness), strengths)


def probe(
    material: Material, ctx: Context, most: int = MOST, progress: Progress = lambda _: None
) -> Probe | str:
    """Return what a probe finds, or why there is none.

    Args:
        material: The rows of a run; its hits count as dropped, as they were read.
        ctx: Decides folds and draws.
        most: Rows of a side that are read at most.
        progress: Told what is being done.

    Raises:
        UsageError: numpy is not installed.
    """
    np = need_numpy("a probe of kept rows")
    texts = [*_dropped(material, ctx, most), *_kept(material, ctx, most)]
    for said, side in (("hits", True), ("kept", False)):
        prompts = len({each.prompt for each in texts if each.dropped is side})
        if prompts < LEAST:
            return f"{prompts} prompts have rows that were {said}; a probe needs {LEAST}"
    labels = np.array([each.dropped for each in texts])
    chances = np.clip(_chances(texts, labels, ctx.seed, progress), SURE, 1 - SURE)
    told = measure(chances, chances >= 0.5, labels).auc
    assert told is not None  # noqa: S101  (neither side is empty)
    found, positives, likeness = None, None, chances
    if told.low > 0.5:
        prompts = np.unique([each.prompt for each in texts], return_inverse=True)[1]
        found, positives, likeness = _shares(chances, labels, prompts)
    order = np.argsort(-chances, kind="stable").tolist()
    return Probe(
        dropped=int(labels.sum()),
        kept=int((~labels).sum()),
        auroc=told,
        by_length=_by_length(texts, labels),
        found=found,
        positives=positives,
        likeness={texts[place].key: float(likeness[place]) for place in order if not labels[place]},
    )


def _dropped(material: Material, ctx: Context, most: int) -> list[_Text]:
    hits = material.hits
    rows = [row for row in material.rows if row.key in hits]
    drawn = ctx.rng("probe", "dropped").sample(rows, min(most, len(rows)))
    return [_Text(row.key, _said(row.original), _asked(row.prompt), True) for row in drawn]


def _kept(material: Material, ctx: Context, most: int) -> list[_Text]:
    rows = kept(material)
    drawn = ctx.rng("probe", "kept").sample(rows, min(most, len(rows)))
    return [_Text(row.key, _said(row.now or ()), _asked(row.prompt), False) for row in drawn]


def _chances(texts: Sequence[_Text], labels: Bools, seed: int, progress: Progress) -> Floats:
    """Return g of every text, by models and calibrations of other folds."""
    import numpy as np

    progress("finding n-grams")
    bodies = [each.text for each in texts]
    table = Table(bodies, Scheme(), windows.fitting(list(map(len, bodies))))
    folds = np.array(assign([each.prompt for each in texts], labels.tolist(), FOLDS, seed))
    odds, chances = np.zeros(len(labels)), np.zeros(len(labels))
    for fold in range(FOLDS):
        progress(f"fitting probe {fold + 1} of {FOLDS}")
        held = folds == fold
        odds[held] = table.odds(table.fit(~held, labels, logistic.PENALTY))[held]
    for fold in range(FOLDS):
        held = folds == fold
        found = calibration.fit(odds[~held], labels[~held])
        chances[held] = calibration.probabilities(found, odds[held])
    return chances


def _shares(chances: Floats, labels: Bools, prompts: Ints) -> tuple[Interval, Interval, Floats]:
    """Return c and the share of positives among the kept rows with their intervals, and w.

    The intervals are of the linearised variance over prompts, for the models as they are; none is
    narrower than that of a share counted in as many rows.
    """
    import numpy as np

    c = float(chances[labels].mean())
    ratios = chances / (1 - chances)
    mean = float(ratios[~labels].mean())
    times = (1 - c) / c
    pull_c = np.where(labels, (chances - c) / labels.sum(), 0.0)
    pull_mean = np.where(labels, 0.0, (ratios - mean) / (~labels).sum())
    share_pull = times * pull_mean - mean / c**2 * pull_c
    found = _interval(c, pull_c, prompts, int(labels.sum()))
    positives = _interval(times * mean, share_pull, prompts, int((~labels).sum()))
    return found, positives, np.clip(times * ratios, 0.0, 1.0)


def _interval(value: float, pulls: Floats, prompts: Ints, rows: int) -> Interval:
    import numpy as np

    sums = np.bincount(prompts, weights=pulls)
    half = _Z * sqrt(float((sums**2).sum()) * len(sums) / (len(sums) - 1))
    mid = min(value, 1.0)
    counted = wilson(mid * rows, rows)
    low, high = min(value - half, counted.low), max(value + half, counted.high)
    return Interval(mid, min(max(low, 0.0), mid), max(min(high, 1.0), mid))


def _by_length(texts: Sequence[_Text], labels: Bools) -> float:
    import numpy as np

    lengths = np.array([float(len(each.text)) for each in texts])
    found = measure(lengths / max(lengths.max(), 1.0), labels, labels).auc
    assert found is not None  # noqa: S101  (neither side is empty)
    return max(found.value, 1 - found.value)


def _said(messages: Conversation) -> str:
    return JOIN.join(said.content for said in messages if said.role == "assistant")


def _asked(messages: Conversation) -> str:
    return "\0".join(f"{said.role} {normalise(said.content)}" for said in messages)
