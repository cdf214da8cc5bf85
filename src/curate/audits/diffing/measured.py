"""What was measured, as hypotheses and reports read it: any difference of arms, on any scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from curate.audits.diffing.names import ORIGINAL, SWITCHED, mixed
from curate.audits.diffing.subset import IDENTITY, Subset, first
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.equivalence import equivalence
from curate.audits.statistics.outcomes import Contrast, minus
from curate.audits.verdict import Rules
from curate.traits.intervals import Interval


@dataclass(frozen=True)
class Measured:
    """The outcomes of all arms, and which rows were in them."""

    bootstrap: Bootstrap
    rows: int
    """Original rows, of which subsets are a share."""
    subsets: tuple[Subset, ...] = ()
    fractions: tuple[float, ...] = ()
    """Shares between 0 and 1 at which random rows were mixed."""
    shown: bool = True
    """Whether any original row shows the trait, as far as its scorer sees."""
    rules: Rules = field(default_factory=Rules)

    @property
    def hits(self) -> Subset | None:
        """What a filter would drop: the first subset of that role."""
        return first(self.subsets, "hits")

    @property
    def mild(self) -> Subset | None:
        """What the filter would let pass though it shows a little of the trait."""
        return first(self.subsets, "mild")

    @property
    def identity(self) -> Subset | None:
        """The rows in which the model is told who it is."""
        return next((each for each in self.subsets if each.name == IDENTITY), None)

    def has(self, *arms: str) -> bool:
        """Say whether all of these arms were trained."""
        return all(arm in self.bootstrap.outcomes.arms for arm in arms)

    def share(self, subset: Subset) -> float:
        """Return how large a part of the original rows a subset is."""
        return len(subset.keys) / self.rows

    def apart(self, zero: str, one: str) -> Interval | None:
        """Return how far two arms are apart; None where they may be, or count as, equal.

        They count as equal where they are shown to differ by no more than the rules allow.

        Raises:
            UsageError: an arm was not trained.
        """
        outcomes = self.bootstrap.outcomes
        low, high = outcomes.bounds
        length = self.bootstrap.difference(minus(one, zero))
        same = equivalence(outcomes, minus(one, zero), self.rules.sameness * (high - low)).equal
        return None if same or length.low <= 0 <= length.high else length

    def on_scale(
        self, contrast: Contrast, zero: str = SWITCHED, one: str = ORIGINAL
    ) -> Interval | None:
        """Return a difference of arms on a scale; None where `one` is not above `zero`.

        Raises:
            UsageError: an arm was not trained.
        """
        length = self.apart(zero, one)
        if length is None or length.value < 0:
            return None
        return self.bootstrap.ratio(contrast, minus(one, zero))

    def place(self, arm: str, zero: str = SWITCHED, one: str = ORIGINAL) -> Interval | None:
        """Return where an arm stands on a scale; None where `one` is not above `zero`.

        Raises:
            UsageError: an arm was not trained.
        """
        return self.on_scale(minus(arm, zero), zero, one)

    def line(self, share: float) -> Contrast:
        """Return the score of random mixing at any share, as a sum of the arms on both sides.

        Between two shares that were trained it is the straight line between them.
        """
        trained = {each: mixed(each) for each in self.fractions if self.has(mixed(each))}
        known = sorted({**trained, 0.0: SWITCHED, 1.0: ORIGINAL}.items())
        for (left, low), (right, high) in pairwise(known):
            if left <= share <= right:
                weight = (share - left) / (right - left)
                return {low: 1 - weight, high: weight}
        raise ValueError(f"{share} is no share")

    def beyond_line(self, arm: str, share: float) -> Contrast:
        """Return an arm minus random mixing of as many original rows."""
        against = {name: -weight for name, weight in self.line(share).items()}
        return {**against, arm: 1.0}
