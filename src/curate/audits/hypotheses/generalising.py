"""1 and 2: what survives a filter is a mild form of the trait, or nothing a reader could see."""

from __future__ import annotations

from dataclasses import replace

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    ORIGINAL,
    SWITCHED,
    WITHOUT_MILD,
    WITHOUT_RANDOM,
    elsewhere,
    keep,
)
from curate.audits.hypotheses.finding import (
    Evidence,
    Said,
    Word,
    agreed,
    more_than_margin,
    opposite,
    unanimous,
    within,
)
from curate.audits.hypotheses.leaking import leak
from curate.audits.statistics.outcomes import minus


def simple_generalisation(found: Measured) -> Said:
    """1: mild versions of the trait survive the filter and grow into the obvious one.

    Then dropping them too removes more than dropping as many others. That they suffice to install
    the trait speaks for it; that few rows do not is no reply.
    """
    evidence = []
    if found.has(WITHOUT_MILD, WITHOUT_RANDOM, ORIGINAL, SWITCHED):
        effect = found.on_scale(minus(WITHOUT_RANDOM, WITHOUT_MILD))
        said = more_than_margin(effect, found.rules)
        evidence.append(Evidence("mild dropped", (WITHOUT_MILD, WITHOUT_RANDOM), effect, said))
    mild = found.mild
    if mild is not None and found.has(keep(mild.name), ORIGINAL, SWITCHED):
        arm = keep(mild.name)
        effect = found.on_scale(found.beyond_line(arm, found.share(mild)))
        said = more_than_margin(effect, found.rules)
        said = Word.SILENT if said is Word.AGAINST else said
        evidence.append(Evidence("mild kept", (arm,), effect, said))
    return Said(agreed(evidence), tuple(evidence))


def subliminal_learning(found: Measured) -> Said:
    """2: a student that shares its teacher's output head takes the trait from unrelated rows.

    Then what passes through rows that do not show the trait vanishes with another head. Where no
    row shows it, all rows are unrelated ones.
    """
    there = (elsewhere(ORIGINAL), elsewhere(SWITCHED))
    if not found.has(ORIGINAL, SWITCHED, *there):
        return Said(Word.NOT_TESTED)
    if not found.shown:
        effect = found.on_scale(minus(*there))
        evidence = [Evidence("another head", there, effect, within(effect, found.rules.margin))]
        return Said(unanimous(evidence), tuple(evidence))
    evidence, survives = leak(found), leak(found, elsewhere)
    if not evidence or not survives:
        return Said(Word.NOT_TESTED)
    least = min(survives, key=lambda each: each.effect.value if each.effect else 0.0)
    evidence.append(replace(least, kind="survives another head", speaks=opposite(least.speaks)))
    return Said(unanimous(evidence), tuple(evidence))
