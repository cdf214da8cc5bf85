"""Whether suspected rows install a trait.

They are compared with the model before training, with as many random rows, and with as many rows
of like length and source. Nothing is put on a scale between two arms: the margin is a share of the
range of scores.

`does not install`: the 95 % interval of the difference from the model before training lies below
the margin (a one-sided test of 2.5 %); where students begin with nothing, that from random rows.
`installs`: the intervals of all differences lie above 0 and reach beyond the margin; as all must,
no correction for their number is needed. Else `unresolved`: too little is known, or other rows
bring the trait as well, so that it cannot be said to be in these.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from curate.audits.installing.arms import MATCHED, RANDOM, SUSPECTS
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.equivalence import equivalence
from curate.audits.statistics.outcomes import minus
from curate.audits.statistics.power import detectable
from curate.audits.statistics.precision import precision
from curate.audits.statistics.signs import holm, sign_flip
from curate.audits.trial import BASE
from curate.traits.intervals import Interval

MARGIN = 0.1
"""As a share of the range of scores: a difference inside it counts as none."""


class Word(StrEnum):
    """What is said of the suspected rows."""

    INSTALLS = "installs"
    DOES_NOT = "does not install"
    UNRESOLVED = "unresolved"


EXIT = {Word.INSTALLS: 1, Word.DOES_NOT: 0, Word.UNRESOLVED: 4}


class Difference(BaseModel):
    """The suspected rows minus what they are compared with, in scores."""

    model_config = ConfigDict(frozen=True)

    other: str
    scores: Interval
    p: float
    """Of the sign-flip test that it is 0."""
    corrected: float
    """The same within all comparisons of the audit (Holm)."""
    equal: float
    """The p of the two one-sided tests that it is inside the margin."""
    detectable: float
    """The least true difference found four times in five."""


def differences(bootstrap: Bootstrap, margin: float) -> tuple[Difference, ...]:
    """Return every comparison that can be made; `margin` is in scores."""
    outcomes = bootstrap.outcomes
    others = [name for name in (BASE, RANDOM, MATCHED) if name in outcomes.arms]
    p = {
        name: sign_flip(outcomes.by_seed(minus(SUSPECTS, name)), bootstrap.seed) for name in others
    }
    corrected = holm(p, others)
    return tuple(
        Difference(
            other=name,
            scores=bootstrap.difference(minus(SUSPECTS, name)),
            p=p[name],
            corrected=corrected[name],
            equal=equivalence(outcomes, minus(SUSPECTS, name), margin).p,
            detectable=detectable(precision(outcomes, minus(SUSPECTS, name))),
        )
        for name in others
    )


def decide(found: Sequence[Difference], margin: float) -> Word:
    """Return the verdict; the first difference is from the base, or where there is none, chance."""
    if found[0].scores.high < margin:
        return Word.DOES_NOT
    more = all(each.scores.low > 0 and each.scores.high >= margin for each in found)
    return Word.INSTALLS if more else Word.UNRESOLVED
