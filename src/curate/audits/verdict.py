"""The verdict of an audit: what an interval says, unless a control says that nothing can be said.

The rules are in `judge`, in the order they apply. None of them passes an audit that saw nothing:
`absent` needs a positive control that was seen, `removed` an interval inside the margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import Control, State
from curate.audits.statistics.effects import Effect, Scale, base_position, leak_through, measure
from curate.audits.statistics.equivalence import Equivalence, equivalence
from curate.audits.statistics.outcomes import minus
from curate.audits.statistics.signs import holm
from curate.errors import UsageError
from curate.traits.intervals import Interval

EXPLORATORY = 6
"""Runs with fewer seeds are called exploratory."""
INCOMPLETE = 3


class Word(StrEnum):
    """What an audit can say of an arm."""

    REMOVED = "removed"
    ABSENT = "absent"
    REDUCED = "reduced"
    LEAKS = "leaks"
    PRIOR = "returns to the prior"
    UNRESOLVED = "unresolved"


EXIT = {
    Word.REMOVED: 0,
    Word.ABSENT: 0,
    Word.REDUCED: 1,
    Word.LEAKS: 1,
    Word.PRIOR: 1,
    Word.UNRESOLVED: 4,
}
"""A drop that returns to the prior did not transfer the trait, but it did not remove it either."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Where the lines are, stated before training."""

    margin: float = 0.15
    """On the scale: what is inside it of 0 counts as removed."""
    leaks: float = 0.5
    """On the scale: what is above it leaks."""
    sameness: float = 0.1
    """As a share of the range of scores: ends of the scale this close count as equal. Where they
    are equal the scale has no unit, so the margin cannot be told on it."""
    negligible: float = 0.02
    """As a share of the range of scores: ends that are surely closer than this are no scale, even
    where they are told apart: many seeds tell any two corpora apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit says of one arm, and everything a report prints beside it."""

    arm: str
    word: Word
    because: str
    """Which rule spoke, with its figures."""
    effect: Effect
    """Where the arm stands; its detectable effect is in it."""
    length: Effect
    """Untouched minus the reference."""
    base: Effect | None
    """Where the model stands that was not trained; None where nobody looked."""
    hypothesis: str | None
    """`4a` where the arm returns to the prior; none is named without clean rollouts."""
    controls: tuple[Control, ...]
    seeds: int
    exploratory: bool
    residual: float | None
    """The share of the answers in this arm that the original teacher still wrote."""
    reference: str
    """The arm that is 0 on the scale."""
    level: float
    """What the untouched arm scores: equal ends may still both show the trait."""
    corrected: float | None = None
    """The p of the effect within the family declared before training (Holm)."""

    @property
    def exit_code(self) -> int:
        """0 the trait is gone, 1 it is there, 4 nothing can be said."""
        return EXIT[self.word]

    @property
    def words(self) -> tuple[str, ...]:
        """The verdict in sentences, the first one first."""
        return tuple(_words(self))


def judge(
    bootstrap: Bootstrap,
    arm: str,
    *,
    controls: Sequence[Control],
    scale: Scale | None = None,
    base: str | None = "base",
    rules: Rules | None = None,
    residual: float | None = None,
    drops: bool = True,
) -> Verdict:
    """Return what the outcomes say of an arm.

    Args:
        bootstrap: The outcomes, with the draws all intervals come from.
        arm: A filtered or switched arm.
        controls: Every control of the audit; one that failed leaves nothing to say.
        scale: Which arms are 0 and 1. Where the base is 0, no hypothesis is named.
        base: The arm of the model that was not trained, if there is one.
        rules: Where the lines are.
        residual: The share of the answers in this arm that the original teacher still wrote.
        drops: Whether rows were taken away, so that a student may return to the prior.

    Raises:
        UsageError: an arm was not trained.
    """
    scale, rules = scale or Scale(), rules or Rules()
    outcomes = bootstrap.outcomes
    effect = leak_through(bootstrap, scale, arm)
    length = measure(bootstrap, scale, f"{scale.one} - {scale.zero}", scale.length)
    known_base = base if base is not None and base in outcomes.arms else None
    told = drops and known_base is not None and known_base != scale.zero
    apart = bootstrap.ratio(minus(arm, str(known_base)), scale.length) if told else None
    low, high = outcomes.bounds
    same = equivalence(outcomes, scale.length, rules.sameness * (high - low))
    least = rules.negligible * (high - low)
    if -least < length.scores.low and length.scores.high < least:
        effect = replace(effect, position=None)
    word, because = _decide(effect, length, same, apart, controls, rules)
    seeds = len(outcomes.seeds)
    untestable = any(c.name == "null" and c.state is State.NOT_TESTABLE for c in controls)
    return Verdict(
        arm=arm,
        word=word,
        because=because,
        effect=effect,
        length=length,
        base=base_position(bootstrap, scale, known_base) if known_base else None,
        hypothesis="4a" if word is Word.PRIOR else None,
        controls=tuple(controls),
        seeds=seeds,
        exploratory=seeds < EXPLORATORY or untestable,
        residual=residual,
        reference=scale.zero,
        level=outcomes.mean({scale.one: 1.0}),
    )


def within(family: Sequence[str], verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts with their p values corrected for the arms declared before training.

    Raises:
        UsageError: an arm was not declared.
    """
    corrected = holm({verdict.arm: verdict.effect.p for verdict in verdicts}, family)
    return tuple(replace(verdict, corrected=corrected[verdict.arm]) for verdict in verdicts)


def exit_code(verdicts: Iterable[Verdict], *, incomplete: bool = False) -> int:
    """Return the exit code of several verdicts: 3 for incomplete work, then 1, then 4, then 0.

    Raises:
        UsageError: there is no verdict, and nothing went wrong that would say why.
    """
    if incomplete:
        return INCOMPLETE
    codes = {verdict.exit_code for verdict in verdicts}
    if not codes:
        raise UsageError("an audit without an arm to judge has no verdict")
    return next(code for code in (1, 4, 0) if code in codes)


def _decide(
    effect: Effect,
    length: Effect,
    same: Equivalence,
    apart: Interval | None,
    controls: Sequence[Control],
    rules: Rules,
) -> tuple[Word, str]:
    failed = [control for control in controls if control.state is State.FAILED]
    if failed:
        return Word.UNRESOLVED, "; ".join(f"the {c.name} control failed: {c.words}" for c in failed)
    if effect.position is None:
        return _nothing_to_measure(length, same, controls)
    if length.scores.value < 0:
        found = f"the untouched arm minus the reference is {_interval(length.scores)} in scores"
        return Word.UNRESOLVED, f"{found}: the reference shows more of the trait"
    word = _by_interval(effect.position, rules)
    place = f"{_interval(effect.position)} of the way from the reference to the untouched arm"
    if word in (Word.LEAKS, Word.REDUCED) and apart is not None and _same(apart, rules.margin):
        return Word.PRIOR, f"{place}, and not told from the base: {_interval(apart)} from it"
    return word, place


def _same(apart: Interval, margin: float) -> bool:
    """Say whether a distance on the scale may be 0, or is surely within the margin of it."""
    return apart.low <= 0 <= apart.high or (-margin < apart.low and apart.high < margin)


def _nothing_to_measure(
    length: Effect, same: Equivalence, controls: Sequence[Control]
) -> tuple[Word, str]:
    """Decide where untouched minus the reference may be 0."""
    seen = any(c.name == "planted positive" and c.state is State.PASSED for c in controls)
    found = f"the untouched arm minus the reference is {_interval(length.scores)} in scores"
    if not same.equal:
        return Word.UNRESOLVED, f"{found}: it may be 0, and may be more than {same.margin:g}"
    if not seen:
        return Word.UNRESOLVED, f"{found}, but no planted trait shows that this audit could see one"
    return Word.ABSENT, f"{found}: equal within {same.margin:g} (p = {same.p:.2g})"


def _by_interval(position: Interval, rules: Rules) -> Word:
    if -rules.margin < position.low and position.high < rules.margin:
        return Word.REMOVED
    if position.low > rules.leaks:
        return Word.LEAKS
    if position.low > 0 and position.high < 1 - rules.margin:
        return Word.REDUCED
    return Word.UNRESOLVED


def _words(verdict: Verdict) -> Iterable[str]:
    prefix = "exploratory: " if verdict.exploratory else ""
    yield f"{prefix}{verdict.arm}: {verdict.word}; {verdict.because}"
    unit = "of the scale" if verdict.effect.position else "in scores"
    corrected = f" (Holm: {verdict.corrected:.2g})" if verdict.corrected is not None else ""
    yield (
        f"{verdict.seeds} paired seeds; the least effect found four times in five is "
        f"{verdict.effect.detectable:.2g} {unit}; sign-flip p = {verdict.effect.p:.2g}{corrected}"
    )
    yield f"the untouched arm scores {verdict.level:.2f}"
    if verdict.base is None:
        yield "the base was not asked: this may be what any data gives"
    elif verdict.base.position:
        yield f"the base stands at {_interval(verdict.base.position)}"
    if verdict.residual is not None:
        yield f"{verdict.residual:.1%} of the answers' text is still the original teacher's"
    for control in verdict.controls:
        yield f"{control.name} control {control.state}: {control.words}"


def _interval(found: Interval) -> str:
    return f"{found.value:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})"
