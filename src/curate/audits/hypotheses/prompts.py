"""4a, 4b and 5: the prompts decide, or nothing that is trained on does."""

from __future__ import annotations

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    BASE,
    ORIGINAL,
    OTHER,
    OTHER_ORIGINAL,
    SWITCHED,
    drop,
    swap,
)
from curate.audits.hypotheses.finding import (
    Evidence,
    Said,
    Word,
    agreed,
    at_least_half,
    beyond,
    more_than_margin,
    opposite,
    unanimous,
    within,
)
from curate.audits.statistics.outcomes import minus


def underspecification(found: Measured) -> Said:
    """4a: no row is like the prompts asked, so the student falls back to what the base does.

    Then the base has some of the trait, and students of rows without the hits, or of other
    prompts, stand where the base does.
    """
    if not found.has(BASE, ORIGINAL, SWITCHED):
        return Said(Word.NOT_TESTED)
    arms = [OTHER, OTHER_ORIGINAL]
    if found.hits is not None:
        arms.insert(0, drop(found.hits.name))
    returned = []
    for arm in filter(found.has, arms):
        effect = found.on_scale(minus(arm, BASE))
        said = within(effect, found.rules.margin)
        returned.append(Evidence("returns to the base", (arm, BASE), effect, said))
    if not returned:
        return Said(Word.NOT_TESTED)
    place = found.place(BASE)
    prior = Evidence("prior", (BASE,), place, more_than_margin(place, found.rules))
    return Said(unanimous([prior, *returned]), (prior, *returned))


def bad_prompts(found: Measured) -> Said:
    """4b: some prompts give the trait, whoever answers them.

    Then a clean teacher's answers to them have it against the same teacher's to other prompts, and
    dropping such prompts removes what switching leaves.
    """
    if not found.has(ORIGINAL, OTHER):
        return Said(Word.NOT_TESTED)
    evidence = []
    if found.has(SWITCHED):
        effect = found.place(SWITCHED, OTHER)
        said = at_least_half(effect, found.rules)
        evidence.append(Evidence("same prompts, clean teacher", (SWITCHED,), effect, said))
    if found.has(OTHER_ORIGINAL):
        effect = found.place(OTHER_ORIGINAL, OTHER)
        said = opposite(at_least_half(effect, found.rules))
        said = Word.SILENT if said is Word.FOR else said  # three explanations remain
        arms = (OTHER_ORIGINAL,)
        evidence.append(Evidence("other prompts, same teacher", arms, effect, said))
    hits = found.hits
    if hits is not None and found.has(swap(hits.name), drop(hits.name)):
        switched, dropped = swap(hits.name), drop(hits.name)
        effect = found.on_scale(minus(switched, dropped), OTHER)
        said = beyond(effect, found.rules.margin)
        both = (switched, dropped)
        evidence.append(Evidence("dropped against switched", both, effect, said))
    return Said(agreed(evidence), tuple(evidence))


def prior_lock_in(found: Measured) -> Said:
    """5: any rows would give the trait.

    Then most of it is there with every teacher and every prompt set, above the base; one without
    it refutes that.
    """
    if not found.has(BASE, ORIGINAL, OTHER):
        return Said(Word.NOT_TESTED)
    evidence = []
    for arm in filter(found.has, (OTHER, SWITCHED, OTHER_ORIGINAL)):
        effect = found.place(arm, BASE)
        said = at_least_half(effect, found.rules)
        evidence.append(Evidence("any rows", (arm,), effect, said))
    return Said(unanimous(evidence), tuple(evidence))
