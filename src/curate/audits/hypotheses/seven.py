"""The seven hypotheses (Engels & Nanda 2026), and what arms say of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curate.audits.diffing.measured import Measured
from curate.audits.hypotheses.finding import Evidence, Hypothesis, Word
from curate.audits.hypotheses.generalising import simple_generalisation, subliminal_learning
from curate.audits.hypotheses.needs import (
    A_BASE,
    ENDS,
    HITS,
    IDENTITY_ROWS,
    LEFT,
    MILD_ROWS,
    OTHER_BASE,
    OTHER_PROMPTS,
    Need,
)
from curate.audits.hypotheses.personas import posttraining_lock_in, pretraining_lock_in
from curate.audits.hypotheses.prompts import bad_prompts, prior_lock_in, underspecification


@dataclass(frozen=True, slots=True)
class Stated:
    """A hypothesis, and what is needed to test it."""

    name: str
    claim: str
    needs: tuple[Need, ...]
    test: Hypothesis


HYPOTHESES: Mapping[str, Stated] = {
    "1": Stated(
        "simple generalisation",
        "Mild forms of the trait survive the filter and grow into the obvious one.",
        (ENDS, MILD_ROWS),
        simple_generalisation,
    ),
    "2": Stated(
        "subliminal learning",
        "A student that shares its teacher's output head takes the trait from unrelated rows.",
        (ENDS, OTHER_BASE),
        subliminal_learning,
    ),
    "3a": Stated(
        "persona, locked in by pretraining",
        "Rows that say who the model is bring the other traits of that persona along.",
        (ENDS, HITS, IDENTITY_ROWS),
        pretraining_lock_in,
    ),
    "3b": Stated(
        "persona, locked in by post-training",
        "All rows together tell the student which assistant it is, whichever rows are taken away.",
        (ENDS, HITS, IDENTITY_ROWS),
        posttraining_lock_in,
    ),
    "4a": Stated(
        "prompts: underspecification",
        "No row is like the prompts asked, so the student falls back to what the base does.",
        (ENDS, A_BASE, LEFT),
        underspecification,
    ),
    "4b": Stated(
        "prompts: bad prompts",
        "Some prompts give the trait, whoever answers them.",
        (OTHER_PROMPTS, ENDS),
        bad_prompts,
    ),
    "5": Stated(
        "locked in by the pretraining prior",
        "Any rows would give the trait.",
        (OTHER_PROMPTS, A_BASE),
        prior_lock_in,
    ),
}
"""By their numbers in the post."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the arms say of one hypothesis."""

    hypothesis: str
    """Its number in the post."""
    name: str
    claim: str
    word: Word
    evidence: tuple[Evidence, ...]
    needs: tuple[str, ...]
    """What would test it, or tell it apart; empty where that was done."""


def findings(found: Measured) -> tuple[Finding, ...]:
    """Return what the arms say of every hypothesis."""
    return tuple(_finding(found, number) for number in HYPOTHESES)


def _finding(found: Measured, number: str) -> Finding:
    stated = HYPOTHESES[number]
    word, evidence = stated.test(found)
    missing: tuple[str, ...] = ()
    if word is Word.NOT_TESTED:
        missing = tuple(need.told for need in stated.needs if not need.there(found))
    elif word is Word.NOT_SEPARATED:
        missing = (IDENTITY_ROWS.told,)
    return Finding(number, stated.name, stated.claim, word, evidence, missing)
