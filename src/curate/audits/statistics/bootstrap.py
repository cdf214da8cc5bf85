"""Intervals by resampling seeds and prompt templates, the same draw for all arms.

A draw takes as many seeds and as many templates as there are, with replacement, each template with
all its prompts, and computes every arm from them: so arms stay paired, by seed and by prompt.

Two things are known to be wrong with the width of such draws. Few units vary too little, by
sqrt((n - 1) / n) and by normal against Student's quantiles (Hesterberg 2015, The American
Statistician 69:371). And no resampling of a crossed table has the right variance: what seeds and
templates do not explain is counted three times (McCullagh 2000, Bernoulli 6:285; Owen 2007, Annals
of Applied Statistics 1:386). Both are corrected in one step: draws are stretched about the estimate
until their spread is the standard error of `precision`, at Student's quantile. The draws give an
interval its shape, the analysis of variance its width. Draws that vary by less than the least error
there can be have no shape to give: stretched so far, a denominator would lose its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING

from curate.audits.statistics import student
from curate.audits.statistics.outcomes import Contrast, Outcomes
from curate.audits.statistics.precision import least, precision
from curate.traits.intervals import Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Outcomes, drawn again and again: what an effect would have been with others of their kind."""

    outcomes: Outcomes
    seed: int
    """Decides the draws."""
    draws: int = 4000

    def difference(self, contrast: Contrast, level: float = LEVEL) -> Interval:
        """Return a difference of arms and the bounds that hold it with the stated confidence."""
        drawn = self._drawn(contrast)
        value, half = self._half(contrast, level)
        spread = float(drawn.std())
        if spread <= least(self.outcomes, contrast):
            return Interval(value, value - half, value + half)
        return _interval(value, value + (drawn - value) * _stretch(half, spread, level), level)

    def ratio(
        self, numerator: Contrast, denominator: Contrast, level: float = LEVEL
    ) -> Interval | None:
        """Return one difference of arms over another; None where the denominator may be 0.

        May be: its own interval holds 0. Then every ratio, or its opposite, fits the outcomes, and
        none is stated. With another denominator this is Fieller's interval (1954): it holds the
        ratios r for which numerator - r * denominator may be 0.
        """
        import numpy as np

        below = self.difference(denominator, level)
        if below.low <= 0 <= below.high:
            return None
        top, bottom = self.outcomes.mean(numerator), below.value
        value = top / bottom
        line = {
            arm: numerator.get(arm, 0.0) - value * denominator.get(arm, 0.0)
            for arm in {**numerator, **denominator}
        }
        drawn_top, drawn_bottom = self._drawn(numerator), self._drawn(denominator)
        _, half = self._half(line, level)
        spread = float((drawn_top - value * drawn_bottom).std())
        if spread <= least(self.outcomes, line):
            return Interval(value, value - half / abs(bottom), value + half / abs(bottom))
        stretch = _stretch(half, spread, level)
        tops = (top + (drawn_top - top) * stretch) * np.sign(bottom)
        bottoms = (bottom + (drawn_bottom - bottom) * stretch) * np.sign(bottom)
        # a draw whose denominator has lost its sign bounds nothing on the side of its numerator
        ratios = np.where(
            bottoms > 0, tops / np.where(bottoms > 0, bottoms, 1.0), np.copysign(np.inf, tops)
        )
        return _interval(value, ratios, level)

    def _half(self, contrast: Contrast, level: float) -> tuple[float, float]:
        value, error, freedom = precision(self.outcomes, contrast)
        return value, student.quantile((1 + level) / 2, freedom) * error

    def _drawn(self, contrast: Contrast) -> Floats:
        """Return the difference of arms in every draw."""
        seeds, templates = self._taken
        sums, sizes = self.outcomes.by_template(self.outcomes.table(contrast))
        means: Floats = ((seeds @ sums) * templates).sum(axis=1) / (templates @ sizes)
        return means

    @cached_property
    def _taken(self) -> tuple[Floats, Floats]:
        """Return how often each draw takes each seed, as a share, and each template, as a count."""
        import numpy as np

        rng = np.random.default_rng(self.seed)
        seeds = len(self.outcomes.seeds)
        shape = self.outcomes.table({})
        templates = len(self.outcomes.by_template(shape)[1])
        taken = [
            rng.multinomial(count, np.full(count, 1 / count), self.draws)
            for count in (seeds, templates)
        ]
        return taken[0] / seeds, taken[1].astype(np.float64)


def _stretch(half: float, spread: float, level: float) -> float:
    return half / (spread * NormalDist().inv_cdf((1 + level) / 2))


def _interval(value: float, drawn: Floats, level: float) -> Interval:
    """Return the percentiles of the draws; a bound that is no draw's is the next draw outwards."""
    import numpy as np

    tail = (1 - level) / 2
    low = float(np.quantile(drawn, tail, method="lower"))
    high = float(np.quantile(drawn, 1 - tail, method="higher"))
    return Interval(value, min(low, value), max(high, value))
