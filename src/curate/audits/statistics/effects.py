"""The effects of an audit, on the scale where the clean arm is 0 and the untouched one is 1."""

from __future__ import annotations

from dataclasses import dataclass

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.outcomes import Contrast, minus
from curate.audits.statistics.power import detectable
from curate.audits.statistics.precision import precision
from curate.audits.statistics.signs import sign_flip
from curate.errors import UsageError
from curate.traits.intervals import Interval


@dataclass(frozen=True, slots=True)
class Scale:
    """The arm that is 0 and the arm that is 1; without clean rollouts the base is 0."""

    zero: str = "clean"
    one: str = "untouched"

    def __post_init__(self) -> None:
        if self.zero == self.one:
            raise UsageError(f"both ends of the scale are {self.zero!r}")

    @property
    def length(self) -> Contrast:
        """What 1 is, in scores."""
        return minus(self.one, self.zero)


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference of arms: in scores, on the scale, and how sure."""

    name: str
    scores: Interval
    position: Interval | None
    """On the scale; None where its length may be 0, so that nothing can be told in its units."""
    p: float
    """Of the sign-flip test that the difference is 0."""
    detectable: float
    """The least true difference found with power 0.8: on the scale, or in scores where that
    cannot be told."""


def leak_through(bootstrap: Bootstrap, scale: Scale, drop: str = "drop") -> Effect:
    """Return how much of the trait is left: (drop - clean) / (untouched - clean).

    The same formula places any arm on the scale; the base has a place of its own.
    """
    return measure(bootstrap, scale, f"leak-through of {drop}", minus(drop, scale.zero))


def base_position(bootstrap: Bootstrap, scale: Scale, base: str = "base") -> Effect:
    """Return where the model stands that was not trained at all."""
    return measure(bootstrap, scale, f"position of {base}", minus(base, scale.zero))


def subliminal_index(bootstrap: Bootstrap, scale: Scale, same: str, other: str) -> Effect:
    """Return what is left with the same initialisation beyond what is left with another."""
    return measure(bootstrap, scale, "subliminal index", minus(same, other))


def measure(bootstrap: Bootstrap, scale: Scale, name: str, contrast: Contrast) -> Effect:
    """Return any difference of arms with its place on the scale.

    Raises:
        UsageError: an arm was not trained.
    """
    outcomes = bootstrap.outcomes
    position = bootstrap.ratio(contrast, scale.length)
    sure = detectable(precision(outcomes, contrast))
    return Effect(
        name=name,
        scores=bootstrap.difference(contrast),
        position=position,
        p=sign_flip(outcomes.by_seed(contrast), bootstrap.seed),
        detectable=sure / abs(outcomes.mean(scale.length)) if position else sure,
    )
