"""Dose-response: mild rows that carry the trait explain the leak, others leave it unexplained."""

from collections.abc import Mapping

import numpy as np
import pytest

import mild_world as world
from curate.api import Context, Rule
from curate.audits.asking import asking
from curate.audits.residue.doses import SWITCHED, Dose, Doses, doses
from curate.audits.residue.grading import Grade, grade, kept
from curate.audits.residue.response import Response, Word, response, slope
from curate.audits.rows import Material
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.outcomes import Outcomes
from curate.audits.trial import outcomes, train
from curate.students.ngram import Ngram

CTX = Context()


def _graded(material: Material) -> Grade:
    rows = kept(material)
    scores = {row.key: row.scores[world.STEP] for row in rows}
    return grade(world.STEP, Rule(at_least=2), scores, len(rows))


def _responded(
    counts: Mapping[str, int], seeds: int = 6, words: int = 3000
) -> tuple[Response, Doses]:
    material = world.material(counts)
    plan = doses(material, _graded(material), CTX)
    with asking(world.asked(), CTX) as asks:
        trial = train(plan.arms, range(seeds), Ngram(words=words), asks, CTX)
        return response(Bootstrap(outcomes(trial, asks), 0), plan), plan


def test_mild_rows_that_carry_the_trait_explain_the_leak() -> None:
    said, plan = _responded({"hit": 30, "mild": 60, "plain": 150})
    assert said.slope is not None
    assert said.slope.place is not None
    assert said.slope.place.low > 0.2
    assert said.slope.p < 0.05
    assert said.mild is not None
    assert said.mild.scores.low > 0
    left = [point.mild.scores.value for point in said.points]
    assert left == sorted(left, reverse=True)
    assert [point.left for point in said.points] == pytest.approx([2 / 3, 1 / 3, 0])
    assert said.word is Word.EXPLAINED
    assert said.switched is not None
    assert SWITCHED in {arm.name for arm in plan.arms}


def test_signs_that_do_not_go_with_the_trait_have_no_slope_and_leave_the_leak_unexplained() -> None:
    """A third of the rows carry the trait, with signs and without."""
    said, _ = _responded({"hit": 30, "mild": 20, "decoy": 40, "hidden": 50, "plain": 100})
    assert said.slope is not None
    assert said.slope.place is not None
    assert said.slope.place.low <= 0 <= said.slope.place.high
    assert said.unexplained is not None
    assert said.unexplained.scores.low > 0
    assert said.word is Word.UNEXPLAINED


def test_parts_add_up_to_the_leak_through_of_drop() -> None:
    said, _ = _responded({"hit": 30, "mild": 30, "hidden": 30, "plain": 60}, seeds=2)
    assert said.rows is not None
    assert said.mild is not None
    assert said.unexplained is not None
    parts = (said.rows, said.mild, said.unexplained)
    assert sum(part.scores.value for part in parts) == pytest.approx(said.drop.scores.value)


def test_where_dropping_removes_the_trait_there_is_no_leak_to_explain() -> None:
    said, _ = _responded({"hit": 90, "decoy": 30, "plain": 150})
    assert said.word is Word.NO_LEAK


def test_without_a_grade_the_unexplained_share_is_not_tested() -> None:
    material = world.material({"hit": 30, "hidden": 60, "plain": 100})
    plan = doses(material, None, CTX)
    assert [arm.name for arm in plan.arms] == ["untouched", "drop", "clean"]
    with asking(world.asked(), CTX) as asks:
        trial = train(plan.arms, range(3), Ngram(words=2000), asks, CTX)
        said = response(Bootstrap(outcomes(trial, asks), 0), plan)
    assert said.unexplained is said.share is said.slope is None
    assert said.word is Word.NOT_TESTED


def test_other_rows_are_as_many_never_mild_and_of_like_source() -> None:
    material = world.material({"hit": 10, "mild": 20, "plain": 80})
    plan = doses(material, _graded(material), CTX)
    arms = {arm.name: arm for arm in plan.arms}
    rows = {row.key: row for row in material.rows}
    for dose in plan.doses:
        gone = {key for key in rows if key not in material.hits} - {
            lesson.key for lesson in arms[dose.other].lessons(0)
        }
        assert len(gone) == len(dose.rows)
        assert all(key.startswith("plain") for key in gone)
        sources = sorted(str(rows[key].source) for key in gone)
        assert sources == sorted(str(row.source) for row in dose.rows)
        assert arms[dose.other].lessons(0) == arms[dose.other].lessons(0)
        assert arms[dose.other].lessons(0) != arms[dose.other].lessons(1)


def test_the_slope_is_that_of_least_squares() -> None:
    steps = [Dose(f"mild {left}", f"other {left}", (), left) for left in (0.6, 0.3, 0.0)]
    weights = slope(steps)
    line = {f"mild {left}": 0.2 + 0.7 * left for left in (0.6, 0.3, 0.0)}
    level = 0.2 + 0.7  # drop and what lacks other rows stay where they are
    scores = line | {f"other {left}": level for left in (0.6, 0.3, 0.0)}
    assert sum(weight * scores[arm] for arm, weight in weights.items()) == pytest.approx(0.7)


def test_without_clean_rollouts_the_base_is_0_and_the_switch_is_left_out() -> None:
    material = world.material({"hit": 10, "mild": 20, "plain": 40}, clean=False)
    plan = doses(material, _graded(material), CTX)
    assert plan.zero == "base"
    assert set(plan.missing) == {"clean", SWITCHED}


def test_what_the_base_shows_is_not_unexplained() -> None:
    material = world.material({"hit": 30, "plain": 10})
    plan = doses(material, _graded(material), CTX)
    rng, shape = np.random.default_rng(0), (4, 12)
    levels = {"untouched": 1.0, "drop": 0.4, "clean": 0.0, "base": 0.38}
    arms = {name: abs(level - abs(rng.normal(0, 0.01, shape))) for name, level in levels.items()}
    found = Outcomes(arms, (0, 1, 2, 3), tuple("aaaabbbbcccc"), (0.0, 1.0))
    said = response(Bootstrap(found, 0), plan)
    assert said.prior is not None
    assert said.unexplained is not None
    assert said.unexplained.scores.value == pytest.approx(0.02, abs=0.005)
    assert said.word is Word.EXPLAINED
