from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import Control, State, null_control, planted_control
from curate.audits.statistics.effects import Scale
from curate.audits.statistics.outcomes import Outcomes, minus
from curate.audits.statistics.signs import sign_flip
from curate.audits.verdict import Rules, Verdict, Word, exit_code, judge, within
from curate.errors import UsageError
from simulated_studies import Design, Mix, study

QUIET = Mix(0.02, 0.02, 0.02, 0.05, 0.02, 0.02)
PRECISE = Design(samples=100)
ENDS = {"clean": 0.1, "untouched": 0.9, "base": 0.3}
SEEN = Control("planted positive", State.PASSED, "seen")


def _judged(
    levels: Mapping[str, float],
    arm: str = "drop",
    controls: tuple[Control, ...] = (SEEN,),
    design: Design = PRECISE,
    **more: object,
) -> Verdict:
    outcomes = study(np.random.default_rng(0), levels, QUIET, design)
    return judge(Bootstrap(outcomes, 0, draws=2000), arm, controls=controls, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("drop", "word", "code"),
    [
        pytest.param(0.10, Word.REMOVED, 0, id="at the clean end"),
        pytest.param(0.17, Word.REMOVED, 0, id="inside the margin"),
        pytest.param(0.45, Word.REDUCED, 1, id="between"),
        pytest.param(0.75, Word.LEAKS, 1, id="above one half"),
        pytest.param(0.90, Word.LEAKS, 1, id="untouched"),
        pytest.param(0.30, Word.PRIOR, 1, id="at the base"),
    ],
)
def test_the_interval_decides(drop: float, word: Word, code: int) -> None:
    found = _judged({**ENDS, "drop": drop})
    assert (found.word, found.exit_code) == (word, code)


def test_a_drop_that_stands_beside_the_base_within_the_margin_returned_to_it() -> None:
    levels = {**ENDS, "base": 0.34, "drop": 0.38}
    found = _judged(levels, design=Design(samples=3000, prompts=40))
    assert found.word is Word.PRIOR
    assert "not told from the base" in found.because
    assert _judged({**ENDS, "base": 0.34, "drop": 0.6}).word is Word.LEAKS


def test_a_switch_cannot_return_to_the_prior() -> None:
    found = _judged({**ENDS, "switch": 0.30}, "switch", drops=False)
    assert found.word is Word.REDUCED
    assert found.hypothesis is None


def test_ends_told_apart_but_next_to_each_other_are_no_scale() -> None:
    rng = np.random.default_rng(0)
    clean = 0.3 + 0.001 * rng.normal(size=(8, 48))
    arms = {"clean": clean, "untouched": clean + 0.01, "drop": clean + 0.01}
    known = Outcomes(arms, tuple(range(8)), tuple("abcdef" * 8), (0.0, 1.0))
    found = judge(Bootstrap(known, 0), "drop", controls=(SEEN,))
    assert found.length.scores.low > 0
    assert found.word is Word.ABSENT
    told = judge(Bootstrap(known, 0), "drop", controls=(SEEN,), rules=Rules(negligible=0.001))
    assert told.word is not Word.ABSENT


def test_an_interval_that_crosses_every_line_resolves_nothing() -> None:
    wide = Mix(0.0, 0.5, 0.0, 0.5, 0.0, 0.0)
    levels = {"clean": 0.2, "untouched": 0.8, "drop": 0.24}
    outcomes = study(np.random.default_rng(1), levels, wide, Design(seeds=4, templates=4))
    found = judge(Bootstrap(outcomes, 0), "drop", controls=(SEEN,))
    assert found.word is Word.UNRESOLVED
    assert found.exit_code == 4


def test_a_margin_is_what_the_audit_stated() -> None:
    levels = {**ENDS, "drop": 0.17}
    assert _judged(levels, rules=Rules(margin=0.15)).word is Word.REMOVED
    assert _judged(levels, rules=Rules(margin=0.05)).word is Word.REDUCED


def test_absent_is_ends_shown_equal_by_an_audit_that_could_see() -> None:
    levels = {"clean": 0.3, "untouched": 0.3, "drop": 0.3, "base": 0.3}
    found = _judged(levels)
    assert (found.word, found.exit_code) == (Word.ABSENT, 0)
    assert found.effect.position is None
    assert "equal within 0.1" in found.because
    assert "in scores" in found.words[1]


def test_absent_needs_a_planted_trait_that_was_seen() -> None:
    levels = {"clean": 0.3, "untouched": 0.3, "drop": 0.3}
    found = _judged(levels, controls=())
    assert found.word is Word.UNRESOLVED
    assert "no planted trait" in found.because


def test_ends_neither_different_nor_equal_are_unresolved() -> None:
    noisy = Mix(0.1, 0.4, 0.0, 0.5, 0.0, 0.0)
    levels = {"clean": 0.5, "untouched": 0.5, "drop": 0.5}
    outcomes = study(np.random.default_rng(0), levels, noisy)
    found = judge(Bootstrap(outcomes, 0), "drop", controls=(SEEN,))
    assert found.word is Word.UNRESOLVED
    assert "may be more than 0.1" in found.because


def test_a_scale_upside_down_is_unresolved() -> None:
    found = _judged({"clean": 0.8, "untouched": 0.2, "drop": 0.8})
    assert found.word is Word.UNRESOLVED
    assert "the reference shows more" in found.because


@pytest.mark.parametrize("drop", [0.1, 0.3, 0.8])
def test_a_failed_control_leaves_nothing_to_say(drop: float) -> None:
    failed = Control("null", State.FAILED, "p = 0.0078")
    found = _judged({**ENDS, "drop": drop}, controls=(SEEN, failed))
    assert found.word is Word.UNRESOLVED
    assert "null control failed: p = 0.0078" in found.because


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_a_broken_scorer_is_unresolved_and_never_a_pass(always: float) -> None:
    shape = (8, 60)
    arms = {
        arm: np.full(shape, always)
        for arm in ("clean", "untouched", "untouched again", "drop", "planted")
    }
    outcomes = Outcomes(arms, tuple(range(8)), tuple("abcdef" * 10), (0.0, 1.0))
    bootstrap = Bootstrap(outcomes, 0)
    controls = (null_control(outcomes), planted_control(bootstrap))
    assert [control.state for control in controls] == [State.PASSED, State.FAILED]
    assert judge(bootstrap, "drop", controls=controls).word is Word.UNRESOLVED


def test_without_clean_rollouts_the_base_is_zero_and_no_hypothesis_is_named() -> None:
    levels = {"base": 0.1, "untouched": 0.9, "drop": 0.7}
    found = _judged(levels, scale=Scale(zero="base"))
    assert (found.word, found.hypothesis, found.reference) == (Word.LEAKS, None, "base")
    back = _judged({**levels, "drop": 0.1}, scale=Scale(zero="base"))
    assert (back.word, back.hypothesis) == (Word.REMOVED, None)


def test_a_drop_like_the_base_is_the_prior_and_never_transfer() -> None:
    found = _judged({**ENDS, "base": 0.75, "drop": 0.75})
    assert (found.word, found.hypothesis) == (Word.PRIOR, "4a")
    assert "not told from the base" in found.because
    above = _judged({**ENDS, "base": 0.3, "drop": 0.75})
    assert (above.word, above.hypothesis) == (Word.LEAKS, None)


def test_a_base_like_clean_does_not_turn_a_removal_into_something_else() -> None:
    assert _judged({**ENDS, "base": 0.1, "drop": 0.1}).word is Word.REMOVED


@pytest.mark.parametrize(
    ("seeds", "state", "exploratory"),
    [
        pytest.param(5, State.NOT_TESTABLE, True, id="5"),
        pytest.param(7, State.NOT_TESTABLE, True, id="7"),
        pytest.param(8, State.PASSED, False, id="8"),
    ],
)
def test_few_seeds_are_exploratory(seeds: int, state: State, exploratory: bool) -> None:
    design = Design(seeds=seeds, samples=100)
    levels = {**ENDS, "drop": 0.8, "untouched again": 0.9}
    outcomes = study(np.random.default_rng(2), levels, QUIET, design)
    null = null_control(outcomes)
    found = judge(Bootstrap(outcomes, 0), "drop", controls=(null,))
    assert (null.state, found.exploratory) == (state, exploratory)
    assert found.words[0].startswith("exploratory: ") == exploratory


@pytest.mark.parametrize(("seeds", "exploratory"), [(5, True), (6, False)])
def test_six_seeds_are_enough_where_there_is_no_null_control(seeds: int, exploratory: bool) -> None:
    found = _judged({**ENDS, "drop": 0.8}, design=Design(seeds=seeds, samples=100))
    assert found.exploratory == exploratory


def test_rows_that_give_other_scores_for_other_seeds_fail_the_null_control() -> None:
    outcomes = study(np.random.default_rng(0), {"untouched": 0.5, "untouched again": 0.8})
    assert null_control(outcomes).state is State.FAILED


def test_the_same_rows_twice_are_rarely_told_apart() -> None:
    """Of 400 null pairs some must alarm at 5 %, or the test could not see anything."""
    pairs = [
        study(np.random.default_rng((4, n)), {"untouched": 0.5, "untouched again": 0.5})
        for n in range(400)
    ]
    p = [sign_flip(pair.by_seed(minus("untouched", "untouched again"))) for pair in pairs]
    assert 1 <= sum(each <= 0.05 for each in p) <= 30
    assert sum(null_control(pair).state is State.FAILED for pair in pairs) <= 10


def test_a_planted_trait_that_shows_is_seen() -> None:
    outcomes = study(np.random.default_rng(0), {"clean": 0.1, "planted": 0.4})
    assert planted_control(Bootstrap(outcomes, 0)).state is State.PASSED
    assert planted_control(Bootstrap(outcomes, 0), "clean", "planted").state is State.FAILED


def test_the_words_hold_everything_a_report_prints() -> None:
    found = _judged({**ENDS, "drop": 0.75}, residual=0.031)
    text = "\n".join(found.words)
    assert text.startswith("drop: leaks; 0.8")
    for part in (
        "95 % interval",
        "8 paired seeds",
        "four times in five",
        "sign-flip p = 0.0078",
        "the untouched arm scores 0.9",
        "the base stands at 0.2",
        "3.1%",
        "planted positive control passed",
    ):
        assert part in text
    assert "the base was not asked" in "\n".join(_judged({**ENDS, "drop": 0.7}, base=None).words)


def test_the_two_ends_of_a_scale_are_two_arms() -> None:
    with pytest.raises(UsageError, match="both ends of the scale are 'clean'"):
        Scale(zero="clean", one="clean")


def test_the_clean_arm_itself_is_removed_and_the_untouched_one_leaks() -> None:
    assert _judged(ENDS, "clean").word is Word.REMOVED
    assert _judged(ENDS, "untouched").word is Word.LEAKS
    assert _judged(ENDS, "base").word is Word.PRIOR


def test_the_words_hold_p_within_the_declared_family() -> None:
    found = [_judged({**ENDS, "drop": 0.75}), _judged({**ENDS, "switch": 0.1}, "switch")]
    drop, switch = within(["drop", "switch", "as run"], found)
    assert drop.corrected == pytest.approx(3 * 2 / 2**8)
    assert switch.corrected == pytest.approx(min(1, 2 * found[1].effect.p))
    assert "p = 0.0078 (Holm: 0.023)" in drop.words[1]
    with pytest.raises(UsageError, match="not declared"):
        within(["drop"], found)


def test_exit_codes_take_precedence() -> None:
    leaks, removed = (_judged({**ENDS, "drop": level}) for level in (0.8, 0.1))
    unresolved = replace(removed, word=Word.UNRESOLVED)
    assert exit_code([removed]) == 0
    assert exit_code([removed, unresolved]) == 4
    assert exit_code([unresolved, leaks, removed]) == 1
    assert exit_code([leaks], incomplete=True) == exit_code([], incomplete=True) == 3
    with pytest.raises(UsageError, match="no verdict"):
        exit_code([])


ABSENT = {"clean": 0.3, "untouched": 0.3, "drop": 0.3, "base": 0.3, "planted": 0.6}
CLEANED = {"clean": 0.1, "untouched": 0.8, "drop": 0.1, "base": 0.3, "planted": 0.4}
ON_THE_MARGIN = {"clean": 0.1, "untouched": 0.8, "drop": 0.205, "planted": 0.4}
HALF = {"clean": 0.1, "untouched": 0.8, "drop": 0.45, "planted": 0.4}
LEAKY = {"clean": 0.1, "untouched": 0.8, "drop": 0.7, "base": 0.3, "planted": 0.4}
LIKE_BASE = {"clean": 0.1, "untouched": 0.8, "drop": 0.45, "base": 0.45, "planted": 0.4}


def _wrong(levels: Mapping[str, float], wrong: set[Word], audits: int) -> float:
    """Return how many audits of a truth say what is wrong of it."""
    count = 0
    for number in range(audits):
        truth = {**levels, "untouched again": levels["untouched"]}
        bootstrap = Bootstrap(study(np.random.default_rng((9, number)), truth), number, draws=1000)
        controls = (null_control(bootstrap.outcomes), planted_control(bootstrap))
        count += judge(bootstrap, "drop", controls=controls).word in wrong
    return count / audits


ALARM = {Word.LEAKS, Word.REDUCED, Word.PRIOR}
PASS = {Word.REMOVED, Word.ABSENT}
SIZES = [
    pytest.param(ABSENT, ALARM, id="alarm where there is no trait"),
    pytest.param(CLEANED, ALARM, id="alarm where it was removed"),
    pytest.param(LEAKY, PASS, id="pass where it leaks"),
    pytest.param(ON_THE_MARGIN, PASS, id="pass on the margin"),
    pytest.param(HALF, {Word.LEAKS}, id="leaks at one half"),
    pytest.param(LIKE_BASE, {Word.LEAKS, Word.REDUCED}, id="transfer where it is the prior"),
]


@pytest.mark.parametrize(("levels", "wrong"), SIZES[:3])
def test_a_verdict_is_rarely_wrong(levels: Mapping[str, float], wrong: set[Word]) -> None:
    assert _wrong(levels, wrong, 60) <= 0.05 + 2 * (0.05 * 0.95 / 60) ** 0.5


@pytest.mark.slow
@pytest.mark.parametrize(("levels", "wrong"), SIZES)
def test_a_verdict_is_wrong_at_most_as_often_as_stated(
    levels: Mapping[str, float], wrong: set[Word]
) -> None:
    assert _wrong(levels, wrong, 400) <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5


def test_a_verdict_finds_what_is_there() -> None:
    assert _wrong(LEAKY, {Word.LEAKS}, 40) >= 0.9
    assert _wrong({**CLEANED, "clean": 0.05, "drop": 0.05}, PASS, 40) >= 0.9
    assert _wrong(ABSENT, {Word.ABSENT}, 40) >= 0.6
