"""The seven hypotheses (Engels & Nanda 2026), and what arms say of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curate.audits.diffing.measured import Measured
from curate.audits.hypotheses.finding import Evidence, Hypothesis, Word
from curate.audits.hypotheses.generalising import simple_generalisation, subliminal_learning
from curate.audits.hypotheses.personas import posttraining_lock_in, pretraining_lock_in
from curate.audits.hypotheses.prompts import bad_prompts, prior_lock_in, underspecification


@dataclass(frozen=True, slots=True)
class Stated:
    """A hypothesis, and what is needed to test it."""

    name: str
    claim: str
    needs: tuple[str, ...]
    """Options of `curate audit diff` that give the arms; any of those joined by `or`."""
    test: Hypothesis


_ENDS = "--switched or --index"
_HITS = "rows that show the trait by the card's scorer, or --run"

HYPOTHESES: Mapping[str, Stated] = {
    "1": Stated(
        "simple generalisation",
        "Mild forms of the trait survive the filter and grow into the obvious one.",
        (_ENDS, "--mild, the ids of rows with a mild form, or a step of --run with graded scores"),
        simple_generalisation,
    ),
    "2": Stated(
        "subliminal learning",
        "A student that shares its teacher's output head takes the trait from unrelated rows.",
        (_ENDS, "--other-base, a base with another output head"),
        subliminal_learning,
    ),
    "3a": Stated(
        "persona, locked in by pretraining",
        "Rows that say who the model is bring the other traits of that persona along.",
        (_ENDS, _HITS, "--subset identity=FILE, the ids of rows that say who the model is"),
        pretraining_lock_in,
    ),
    "3b": Stated(
        "persona, locked in by post-training",
        "All rows together tell the student which assistant it is, whichever rows are taken away.",
        (_ENDS, _HITS, "--subset identity=FILE, to tell it from 3a"),
        posttraining_lock_in,
    ),
    "4a": Stated(
        "prompts: underspecification",
        "No row is like the prompts asked, so the student falls back to what the base does.",
        (_ENDS, "--base, for a student that has one", f"--other, --other-original, or {_HITS}"),
        underspecification,
    ),
    "4b": Stated(
        "prompts: bad prompts",
        "Some prompts give the trait, whoever answers them.",
        ("--other, other prompts answered by the clean teacher", _ENDS),
        bad_prompts,
    ),
    "5": Stated(
        "locked in by the pretraining prior",
        "Any rows would give the trait.",
        (
            "--other, other prompts answered by the clean teacher",
            "--base, for a student that has one",
        ),
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
    made = []
    for number, stated in HYPOTHESES.items():
        word, evidence = stated.test(found)
        needs = {Word.NOT_TESTED: stated.needs, Word.NOT_SEPARATED: stated.needs[-1:]}
        each = Finding(number, stated.name, stated.claim, word, evidence, needs.get(word, ()))
        made.append(each)
    return tuple(made)
