"""Controls: what must come out as known, or an audit says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.outcomes import Outcomes, minus
from curate.audits.statistics.power import needed, smallest_p
from curate.audits.statistics.signs import sign_flip

NULL_LEVEL = 0.01
"""The null control fails below this p."""


class State(StrEnum):
    """How a control came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTABLE = "not testable"


@dataclass(frozen=True, slots=True)
class Control:
    """A control, how it came out, and the figures that say so."""

    name: str
    state: State
    words: str


def null_control(
    outcomes: Outcomes, one: str = "untouched", other: str = "untouched again", seed: int = 0
) -> Control:
    """Return whether the same rows with another order and initialisation score the same.

    The sign-flip test fails it at p < 0.01. With fewer than 8 seeds no p is that small.
    """
    pairs = len(outcomes.seeds)
    if smallest_p(pairs) >= NULL_LEVEL:
        return Control(
            "null",
            State.NOT_TESTABLE,
            f"{pairs} paired seeds cannot give p < {NULL_LEVEL:g}; "
            f"it takes {needed(alpha=NULL_LEVEL)}",
        )
    p = sign_flip(outcomes.by_seed(minus(one, other)), seed)
    means = f"{outcomes.mean({one: 1.0}):.3g} and {outcomes.mean({other: 1.0}):.3g}"
    state = State.FAILED if p < NULL_LEVEL else State.PASSED
    return Control("null", state, f"the same rows with other seeds score {means} (p = {p:.2g})")


def planted_control(
    bootstrap: Bootstrap, planted: str = "planted", reference: str = "clean"
) -> Control:
    """Return whether a trait that was planted on purpose is found: more of it, beyond chance."""
    found = bootstrap.difference(minus(planted, reference))
    state = State.PASSED if found.low > 0 else State.FAILED
    return Control(
        "planted positive",
        state,
        f"the planted trait moves the score by {found.value:.3g} "
        f"(95 % interval {found.low:.3g} to {found.high:.3g})",
    )
