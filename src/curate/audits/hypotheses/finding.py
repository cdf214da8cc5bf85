"""Evidence for or against a hypothesis, and what several pieces of it come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from curate.audits.diffing.measured import Measured
from curate.audits.verdict import Rules
from curate.traits.intervals import Interval


class Word(StrEnum):
    """What can be said of a hypothesis."""

    FOR = "for"
    AGAINST = "against"
    SILENT = "silent"
    NOT_SEPARATED = "not separated"
    NOT_TESTED = "not tested"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison that speaks to a hypothesis."""

    kind: str
    """What is compared; `wording` has the sentence."""
    arms: tuple[str, ...]
    """The arms it rests on, besides the ends of its scale."""
    effect: Interval | None
    """On the scale of that comparison; None where the scale has no length."""
    speaks: Word
    """For, against or silent."""


class Said(NamedTuple):
    """What the arms say of one hypothesis, and by what."""

    word: Word
    evidence: tuple[Evidence, ...] = ()


Hypothesis = Callable[[Measured], Said]
"""Reads what was measured; what was not trained is no evidence."""


def at_least_half(effect: Interval | None, rules: Rules) -> Word:
    """Return `for` where most of the trait is there, `against` where less than half is."""
    if effect is None:
        return Word.SILENT
    if effect.low > rules.leaks:
        return Word.FOR
    return Word.AGAINST if effect.high < rules.leaks else Word.SILENT


def more_than_margin(effect: Interval | None, rules: Rules) -> Word:
    """Return `for` where it is surely more than the margin, `against` where it surely is not."""
    if effect is None:
        return Word.SILENT
    if effect.low > rules.margin:
        return Word.FOR
    return Word.AGAINST if effect.high < rules.margin else Word.SILENT


def within(effect: Interval | None, margin: float) -> Word:
    """Return `for` where it is surely about 0, `against` where it surely is not."""
    if effect is None:
        return Word.SILENT
    if -margin < effect.low and effect.high < margin:
        return Word.FOR
    outside = effect.low > margin or effect.high < -margin
    return Word.AGAINST if outside else Word.SILENT


def beyond(effect: Interval | None, margin: float) -> Word:
    """Return `for` where it surely is above a margin, `against` where it is below minus that."""
    if effect is None:
        return Word.SILENT
    if effect.low > margin:
        return Word.FOR
    return Word.AGAINST if effect.high < -margin else Word.SILENT


def opposite(word: Word) -> Word:
    """Return what speaks against where this speaks for, and the other way round."""
    return {Word.FOR: Word.AGAINST, Word.AGAINST: Word.FOR}.get(word, word)


def unanimous(evidence: Sequence[Evidence]) -> Word:
    """Return `for` where all pieces of evidence are, `against` where any is."""
    if not evidence:
        return Word.NOT_TESTED
    said = {each.speaks for each in evidence}
    if Word.AGAINST in said:
        return Word.AGAINST
    return Word.FOR if said == {Word.FOR} else Word.SILENT


def agreed(evidence: Sequence[Evidence]) -> Word:
    """Return what pieces of evidence say together; where they disagree, nothing."""
    if not evidence:
        return Word.NOT_TESTED
    said = {each.speaks for each in evidence}
    if Word.FOR in said and Word.AGAINST in said:
        return Word.SILENT
    return next((word for word in (Word.FOR, Word.AGAINST) if word in said), Word.SILENT)
