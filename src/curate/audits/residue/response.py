"""How leak-through goes with what is mild, and how much of it nothing measured explains.

Leak-through is where an arm stands between the reference (0) and the untouched arm (1). That of the
arm `drop` is the sum of four differences of arms, so each has an interval of its own:

    drop              =  rows         drop - (drop + others)
                      +  mild         (drop + others) - (drop + mild)
                      +  prior        base - reference
                      +  unexplained  (drop + mild) - base

`drop + mild` has no hits and no mild rows; `drop + others` has no hits and lacks as many rows that
are not mild, of the same lengths and sources. So `rows` is what fewer rows of that length and
source change, `mild` what the mildness of a row changes beyond that, `prior` what the model showed
before training, and `unexplained` what rows that show no sign of the trait still bring. Without
mild rows, `rows` and `mild` are 0; where the base is the reference or not shown to be above it,
`prior` is. Where nothing says which rows are mild, nothing is said to be unexplained.

The slope is that of a line through the leak-through of all doses against the mild mass left, each
dose less what its other rows changed: 1 if all leak-through comes from the mild rows, 0 if none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from curate.audits.residue.doses import SWITCHED, Dose, Doses
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.effects import Effect, Scale, measure
from curate.audits.statistics.outcomes import Contrast, minus
from curate.audits.transfer.arms import DROP
from curate.audits.trial import BASE
from curate.traits.intervals import Interval

MARGIN = 0.15
"""On the scale: leak-through inside it of 0 counts as none."""


class Word(StrEnum):
    """Whether mild rows, length, source and dose explain what leaks through."""

    EXPLAINED = "explained"
    UNEXPLAINED = "unexplained"
    NO_LEAK = "no leak"
    UNRESOLVED = "unresolved"
    NOT_TESTED = "not tested"


class Part(BaseModel):
    """A difference of arms: on the scale (None where it has no length) and in scores."""

    model_config = ConfigDict(frozen=True)

    place: Interval | None
    scores: Interval
    p: float
    """Of the sign-flip test that it is 0."""
    detectable: float
    """The least true difference found four times in five, on the scale where there is one."""


class Point(BaseModel):
    """One dose."""

    model_config = ConfigDict(frozen=True)

    rows: int
    """Mild rows taken away."""
    left: float
    """The share of the mild mass that is left."""
    mild: Part
    """Leak-through without these rows."""
    other: Part
    """Leak-through without as many others."""


class Response(BaseModel):
    """What students that had more and less of the mild rows show."""

    model_config = ConfigDict(frozen=True)

    zero: str
    """The arm that is 0 on the scale."""
    length: Part
    """Untouched minus the reference: what 1 is."""
    base: Part | None
    """Where the model stands that was not trained."""
    drop: Part
    points: tuple[Point, ...]
    slope: Part | None
    rows: Part | None
    mild: Part | None
    prior: Part | None
    """What the model that was not trained shows; None where it is not above the reference."""
    unexplained: Part | None
    """None where nothing says which rows are mild."""
    share: Interval | None
    """`unexplained` as a share of the leak-through of `drop`; None where that may be 0."""
    switched: Part | None
    """Leak-through with the mild rows answered by another teacher."""
    word: Word
    margin: float = MARGIN


def response(bootstrap: Bootstrap, plan: Doses, margin: float = MARGIN) -> Response:
    """Return what the outcomes of a dose-response say."""
    scale = Scale(zero=plan.zero)
    arms = bootstrap.outcomes.arms

    def part(contrast: Contrast) -> Part:
        return _part(measure(bootstrap, scale, "", contrast))

    def place(arm: str) -> Part:
        return part(minus(arm, plan.zero))

    last = plan.doses[-1] if plan.doses else None
    base = place(BASE) if BASE in arms and plan.zero != BASE else None
    above = base is not None and base.scores.low > 0
    rest = minus(last.mild if last else DROP, BASE if above else plan.zero)
    line = part(slope(plan.doses)) if plan.doses else None
    drop, unexplained = place(DROP), part(rest) if plan.known else None
    return Response(
        zero=plan.zero,
        length=part(scale.length),
        base=base,
        drop=drop,
        points=tuple(_point(dose, place) for dose in plan.doses),
        slope=line,
        rows=part(minus(DROP, last.other)) if last else None,
        mild=part(minus(last.other, last.mild)) if last else None,
        prior=base if above else None,
        unexplained=unexplained,
        share=bootstrap.ratio(rest, minus(DROP, plan.zero)) if plan.known else None,
        switched=place(SWITCHED) if SWITCHED in arms else None,
        word=_word(drop, unexplained, line if plan.ranked else None, margin),
        margin=margin,
    )


def _point(dose: Dose, place: Callable[[str], Part]) -> Point:
    return Point(
        rows=len(dose.rows), left=dose.left, mild=place(dose.mild), other=place(dose.other)
    )


def slope(doses: Sequence[Dose]) -> Contrast:
    """Return the least-squares slope of leak-through against the mild mass left, as a contrast.

    The first point is `drop`, with all of the mass and nothing taken away for either arm.
    """
    left = [1.0, *(dose.left for dose in doses)]
    mean = sum(left) / len(left)
    spread = sum((each - mean) ** 2 for each in left)
    weights: dict[str, float] = {}
    for dose in doses:
        weight = (dose.left - mean) / spread
        weights |= {dose.mild: weight, dose.other: -weight}
    return weights


def _word(drop: Part, bare: Part | None, ranked: Part | None, margin: float) -> Word:
    """Return the word; `ranked` is the slope where rows are only in order."""
    if drop.place is None:
        return Word.UNRESOLVED
    if -margin < drop.place.low and drop.place.high < margin:
        return Word.NO_LEAK
    if bare is None or bare.place is None:
        return Word.NOT_TESTED
    if drop.place.low <= 0:
        return Word.UNRESOLVED
    if -margin < bare.place.low and bare.place.high < margin:
        return Word.EXPLAINED
    more = ranked is not None and ranked.scores.low > 0  # the next rows in order may carry it too
    return Word.UNEXPLAINED if bare.place.low > 0 and not more else Word.UNRESOLVED


def _part(effect: Effect) -> Part:
    return Part(
        place=effect.position, scores=effect.scores, p=effect.p, detectable=effect.detectable
    )
