"""Each hypothesis on outcomes in which it is true, in which it is not, and without its arms."""

from collections.abc import Mapping

import numpy as np
import pytest

from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    BASE,
    ORIGINAL,
    OTHER,
    OTHER_ORIGINAL,
    SWITCHED,
    WITHOUT_MILD,
    WITHOUT_RANDOM,
    drop,
    elsewhere,
    keep,
    mixed,
    swap,
)
from curate.audits.diffing.subset import IDENTITY, Subset
from curate.audits.hypotheses import wording
from curate.audits.hypotheses.finding import Word
from curate.audits.hypotheses.seven import HYPOTHESES, Finding, findings
from curate.audits.statistics.bootstrap import Bootstrap
from simulated_studies import Design, Mix, study

QUIET = Mix(0.02, 0.02, 0.02, 0.05, 0.02, 0.02)
PRECISE = Design(samples=100)
HITS, SOURCE = "trait hits", "source a"


def _subset(name: str, role: str, size: int) -> Subset:
    return Subset(name, role, name, frozenset(map(str, range(size))))  # type: ignore[arg-type]


SUBSETS = (
    _subset(HITS, "hits", 10),
    _subset("mild", "mild", 10),
    _subset(IDENTITY, "group", 10),
    _subset(SOURCE, "group", 50),
)
ENDS = {ORIGINAL: 0.9, SWITCHED: 0.1, mixed(0.5): 0.5}
UNMOVED = {swap(IDENTITY): 0.82, swap(SOURCE): 0.5}
"""Where random rows would be."""
LEAKING = {**ENDS, **UNMOVED, drop(HITS): 0.8, BASE: 0.2}
THERE = {elsewhere(ORIGINAL): 0.9, elsewhere(SWITCHED): 0.1, elsewhere(BASE): 0.15}

TRUE: dict[str, dict[str, float]] = {
    "1": {
        **ENDS,
        WITHOUT_RANDOM: 0.8,
        WITHOUT_MILD: 0.12,
        keep("mild"): 0.7,
    },
    "2": {**LEAKING, **THERE, elsewhere(drop(HITS)): 0.11},
    "3a": {**LEAKING, swap(IDENTITY): 0.3},
    "3b": LEAKING,
    "4a": {**ENDS, BASE: 0.5, drop(HITS): 0.5, OTHER: 0.5, OTHER_ORIGINAL: 0.5},
    "4b": {
        ORIGINAL: 0.9,
        SWITCHED: 0.88,
        OTHER: 0.1,
        OTHER_ORIGINAL: 0.12,
        swap(HITS): 0.88,
        drop(HITS): 0.12,
    },
    "5": {ORIGINAL: 0.9, SWITCHED: 0.88, OTHER: 0.86, OTHER_ORIGINAL: 0.9, BASE: 0.1},
}
FALSE: dict[str, dict[str, float]] = {
    "1": {**ENDS, WITHOUT_RANDOM: 0.8, WITHOUT_MILD: 0.79, keep("mild"): 0.2},
    "2": {**LEAKING, **THERE, elsewhere(drop(HITS)): 0.8},
    "3a": LEAKING,
    "3b": {**LEAKING, swap(IDENTITY): 0.3},
    "4a": {**ENDS, BASE: 0.5, drop(HITS): 0.8, OTHER: 0.1, OTHER_ORIGINAL: 0.85},
    "4b": {
        **ENDS,
        OTHER: 0.12,
        OTHER_ORIGINAL: 0.85,
        swap(HITS): 0.12,
        drop(HITS): 0.8,
    },
    "5": {**ENDS, OTHER: 0.12, OTHER_ORIGINAL: 0.85, BASE: 0.2},
}
EVERY = {
    **TRUE["3b"],
    **TRUE["2"],
    **TRUE["1"],
    OTHER: 0.2,
    OTHER_ORIGINAL: 0.8,
    swap(HITS): 0.2,
    keep(HITS): 0.8,
}


def _found(
    levels: Mapping[str, float],
    subsets: tuple[Subset, ...] = SUBSETS,
    seed: int = 0,
    *,
    shown: bool = True,
) -> dict[str, Finding]:
    outcomes = study(np.random.default_rng(seed), levels, QUIET, PRECISE)
    found = Measured(Bootstrap(outcomes, 0, draws=800), 100, subsets, (0.5,), shown)
    return {each.hypothesis: each for each in findings(found)}


@pytest.mark.parametrize("name", HYPOTHESES)
def test_arms_speak_for_what_is_true(name: str) -> None:
    assert _found(TRUE[name])[name].word is Word.FOR


@pytest.mark.parametrize("name", HYPOTHESES)
def test_arms_speak_against_what_is_not(name: str) -> None:
    found = _found(FALSE[name])[name]
    assert found.word is Word.AGAINST
    assert any(each.speaks is Word.AGAINST for each in found.evidence)


def test_nothing_is_for_anything_where_arms_differ_by_chance_alone() -> None:
    for seed in range(6):
        found = _found(dict.fromkeys(EVERY, 0.5), seed=seed)
        assert not [name for name, each in found.items() if each.word is Word.FOR]


@pytest.mark.parametrize("name", HYPOTHESES)
def test_without_its_arms_a_hypothesis_is_not_tested_and_says_what_would_test_it(name: str) -> None:
    left, found = dict(EVERY), _found(EVERY)[name]
    assert found.word is not Word.NOT_TESTED
    while found.evidence:  # another arm may stand in for one that is gone
        its = {arm for each in found.evidence for arm in each.arms} - {ORIGINAL}
        left = {arm: level for arm, level in left.items() if arm not in its}
        found = _found(left)[name]
    assert found.word is Word.NOT_TESTED
    assert any("--" in need for need in found.needs)


@pytest.mark.parametrize(
    ("name", "arm"),
    [
        ("2", elsewhere(ORIGINAL)),
        ("2", elsewhere(drop(HITS))),
        ("3a", drop(HITS)),
        ("3b", SWITCHED),
        ("4a", BASE),
        ("4b", OTHER),
        ("5", OTHER),
        ("5", BASE),
    ],
)
def test_one_arm_it_cannot_do_without(name: str, arm: str) -> None:
    left = {each: level for each, level in TRUE[name].items() if each != arm}
    assert _found(left)[name].word is Word.NOT_TESTED


def test_without_identity_rows_the_personas_are_not_separated() -> None:
    others = tuple(each for each in SUBSETS if each.name != IDENTITY)
    found = _found(LEAKING, others)
    assert {found[name].word for name in ("3a", "3b")} == {Word.NOT_SEPARATED}
    assert "identity=FILE" in found["3a"].needs[-1]


def test_a_drop_that_returns_to_the_base_is_no_persona() -> None:
    found = _found({**LEAKING, drop(HITS): 0.4, BASE: 0.4})
    assert found["3a"].word is found["3b"].word is Word.AGAINST


def test_a_base_without_the_trait_has_no_prior_to_fall_back_to() -> None:
    found = _found({**TRUE["4a"], BASE: 0.12, drop(HITS): 0.12, OTHER: 0.12, OTHER_ORIGINAL: 0.12})
    assert found["4a"].word is Word.AGAINST


def test_mild_rows_that_explain_the_leak_leave_nothing_for_a_persona() -> None:
    found = _found({**LEAKING, **TRUE["1"]})
    assert found["1"].word is Word.FOR
    assert found["3b"].word is Word.AGAINST


def test_where_no_row_shows_the_trait_another_head_is_asked_about_all_rows() -> None:
    hidden = {**ENDS, elsewhere(ORIGINAL): 0.2, elsewhere(SWITCHED): 0.19}
    assert _found(hidden, (), shown=False)["2"].word is Word.FOR
    other = {**hidden, elsewhere(ORIGINAL): 0.8}
    assert _found(other, (), shown=False)["2"].word is Word.AGAINST


def test_where_no_row_shows_the_trait_all_of_them_may_name_a_persona() -> None:
    hidden = {**ENDS, BASE: 0.2}
    assert _found(hidden, (), shown=False)["3b"].word is Word.NOT_SEPARATED
    assert _found({**hidden, BASE: 0.89}, (), shown=False)["3b"].word is Word.AGAINST


def test_where_every_row_shows_the_trait_nothing_is_left_to_name_a_persona() -> None:
    assert _found({**ENDS, BASE: 0.2}, ())["3b"].word is Word.NOT_TESTED


def test_a_group_that_stands_out_speaks_against_any_rows_will_do() -> None:
    found = _found({**LEAKING, swap(SOURCE): 0.15})
    assert found["3b"].word is Word.AGAINST


def test_every_comparison_has_a_sentence() -> None:
    for levels in (EVERY, *TRUE.values(), dict.fromkeys(EVERY, 0.5)):
        section = wording.section(list(_found(levels).values()))
        assert len(section.table) == 1 + len(HYPOTHESES)
        assert all(section.after)
