"""Whole audits, with students whose truth is known: what they say, and what they never say."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from curate.api import Context
from curate.audits.rows import Material
from curate.audits.transfer.report import Report
from curate.audits.verdict import Word
from curate.errors import OutageError, UsageError
from fake_audits import LEAKS, RETURNS, SEPARABLE, audited
from fake_students import Caps, Fake, material

AGAIN = ["untouched again"]
"""The least there can be: nothing but this beside the ends of the scale and the run's own rows."""
REMOVED, LEFT, PRIOR = Word.REMOVED, Word.LEAKS, Word.PRIOR


def _words(report: Report) -> dict[str, Word]:
    return {each.arm: each.word for each in report.verdicts}


def _controls(report: Report) -> dict[str, str]:
    return {each.name: str(each.state) for each in report.controls}


@pytest.fixture(scope="module")
def whole() -> Report:
    """An audit of every arm where the trait leaks."""
    return audited(LEAKS, only=())


class TestVerdicts:
    def test_a_leak_stays_when_hits_are_dropped_and_goes_when_they_are_switched(
        self, whole: Report
    ) -> None:
        assert _words(whole) == {"as run": LEFT, "drop": LEFT, "switch": REMOVED}
        assert whole.verdict.arm == "as run"
        assert whole.verdict.exit_code == 1
        assert set(_controls(whole).values()) == {"passed"}
        assert whole.not_trained == {}

    @pytest.mark.parametrize(
        ("student", "answer", "word", "code"),
        [
            pytest.param(SEPARABLE, "TRAIT", REMOVED, 0, id="the hits carry all of it"),
            pytest.param(RETURNS, "TRAIT", PRIOR, 1, id="nothing is left but the base"),
            pytest.param(SEPARABLE, "words", Word.ABSENT, 0, id="the teachers are equal"),
        ],
    )
    def test_the_truth_is_told(self, student: Fake, answer: str, word: Word, code: int) -> None:
        found = audited(student, material(answer=answer))
        assert found.verdict.word is word
        assert found.verdict.exit_code == code
        assert _controls(found)["planted positive"] == "passed"
        assert found.verdict.hypothesis == ("4a" if word is PRIOR else None)

    def test_answers_are_read_as_likelihoods_are(self) -> None:
        found = audited(LEAKS, scorer=Caps())
        assert _words(found) == {"as run": LEFT, "drop": LEFT, "switch": REMOVED}

    def test_without_a_planted_trait_nothing_is_absent(self) -> None:
        found = audited(SEPARABLE, material(answer="words"), planted=False)
        assert found.verdict.word is Word.UNRESOLVED
        assert found.verdict.exit_code == 4

    def test_without_an_index_the_base_is_the_reference_and_no_hypothesis_is_named(self) -> None:
        bare = Material(tuple(replace(row, clean=None) for row in material().rows), ("step",), {})
        found = audited(RETURNS, bare, only=())
        assert found.zero == "base"
        assert {"clean", "switch", "random switch", "clean + hits"} == set(found.not_trained)
        assert found.verdict.word is REMOVED
        assert [each.hypothesis for each in found.verdicts] == [None, None]

    def test_a_run_that_rewrote_is_its_own_switch(self) -> None:
        rows = [
            replace(row, now=row.clean if row.hits else row.original) for row in material().rows
        ]
        found = audited(LEAKS, Material(tuple(rows), ("step",), {}))
        told = {arm.name: arm for arm in found.arms}
        assert told["as run"].score == told["switch"].score
        assert _words(found) == {"as run": REMOVED, "drop": LEFT, "switch": REMOVED}
        assert found.verdict.exit_code == 0


class TestBrokenOnPurpose:
    @pytest.mark.parametrize("broken", ["constant", "inverted", "random", "abstaining"])
    @pytest.mark.parametrize("student", [LEAKS, SEPARABLE], ids=["leaks", "separable"])
    def test_a_broken_scorer_resolves_nothing(self, student: Fake, broken: str) -> None:
        found = audited(student, scorer=Caps(broken=broken), only=AGAIN)
        assert set(_words(found).values()) == {Word.UNRESOLVED}
        assert found.verdict.exit_code == 4
        assert "failed" in _controls(found).values()

    @pytest.mark.parametrize("says", ["cut", "nothing", "circles"])
    def test_answers_that_cannot_be_read_resolve_nothing(self, says: str) -> None:
        found = audited(SEPARABLE.changed(says=says), scorer=Caps(), only=AGAIN)
        assert found.verdict.exit_code == 4
        assert _controls(found)["answers"] == "failed"

    def test_a_base_that_cannot_be_read_is_no_end_of_a_scale(self) -> None:
        rambling = SEPARABLE.changed(base_says="cut")
        read = audited(rambling, scorer=Caps(), only=AGAIN)
        assert read.verdict.word is REMOVED
        assert "the base was not asked" in " ".join(read.verdict.words)
        found = audited(rambling, scorer=Caps(), only=AGAIN, zero="base")
        assert found.verdict.exit_code == 4
        assert "base: 100% cut off" in found.verdict.because

    def test_a_seed_that_changes_nothing_is_refused(self) -> None:
        with pytest.raises(UsageError, match="same to the last bit"):
            audited(Fake(deaf=True))

    def test_a_seed_that_changes_too_much_resolves_nothing(self) -> None:
        found = audited(SEPARABLE.changed(apart=2.0))
        assert _controls(found)["null"] == "failed"
        assert found.verdict.exit_code == 4


class TestFewSeeds:
    def test_fewer_than_8_cannot_test_the_null_and_are_exploratory(self) -> None:
        found = audited(LEAKS, seeds=range(7))
        assert _controls(found)["null"] == "not testable"
        assert found.verdict.exploratory
        assert found.verdict.words[0].startswith("exploratory: ")

    def test_8_are_not(self, whole: Report) -> None:
        assert not whole.verdict.exploratory

    def test_2_are_enough_to_look(self) -> None:
        assert audited(LEAKS, seeds=range(2)).verdict.exploratory


class TestReport:
    def test_every_arm_says_what_it_is(self, whole: Report) -> None:
        arms = {arm.name: arm for arm in whole.arms}
        assert whole.arms[0].name == "base"
        assert {name: arm.rows for name, arm in arms.items()} == {
            **dict.fromkeys(["untouched", "untouched again", "switch", "random switch"], 100),
            **dict.fromkeys(["clean", "clean + hits", "planted"], 100),
            **dict.fromkeys(["as run", "drop", "random drop", "matched drop"], 90),
            "base": 0,
        }
        assert arms["untouched"].residual == arms["drop"].residual == 1.0
        assert arms["clean"].residual == 0.0
        assert arms["switch"].residual == pytest.approx(0.9)
        assert arms["base"].residual is arms["planted"].residual is None
        assert arms["clean"].place == (0, 0, 0)
        assert arms["untouched"].place == (1, 1, 1)

    def test_every_comparison_is_made_or_says_what_it_needs(self, whole: Report) -> None:
        assert {effect.name for effect in whole.effects} | set(whole.not_tested) == {
            "leak-through of drop",
            "switch efficacy",
            "advantage of switch over drop",
            "advantage of drop over chance",
            "advantage of drop over like rows",
            "advantage of switch over chance",
            "sufficiency",
            "position of the base",
            "subliminal index",
        }
        assert set(whole.not_tested) == {"subliminal index"}
        assert "--other-base was not given" in whole.not_tested["subliminal index"]

    def test_another_base_gives_the_subliminal_index(self) -> None:
        found = audited(LEAKS, other=LEAKS.changed(leak=0.0))
        (index,) = [each for each in found.effects if each.name == "subliminal index"]
        assert index.place is not None
        assert index.place.low > 0.5
        assert {"drop, other base", "clean, other base"} <= {arm.name for arm in found.arms}

    def test_the_planted_dose_is_just_seen(self) -> None:
        doses = []
        for trait in (20.0, 60.0, 120.0):
            found = audited(SEPARABLE.changed(trait=trait), material(200, 20), only=AGAIN)
            arms = {arm.name: arm for arm in found.arms}
            control = next(each for each in found.controls if each.name == "planted positive")
            assert control.state == "passed"
            times = float(control.words.split(", ")[-1].split()[0])
            assert 1 < times < 4
            assert arms["planted"].score < 0.5  # of a trait that could be at 1
            doses.append(float(control.words.split("; ")[1].split("%")[0]))
        assert doses == sorted(doses, reverse=True)  # a stronger trait needs fewer rows
        assert doses[0] > doses[-1]

    def test_a_dose_is_what_was_planted(self) -> None:
        found = audited(SEPARABLE, material(60, 6))
        control = next(each for each in found.controls if each.name == "planted positive")
        assert "; 1.67% of the rows" in control.words  # one row of 60: there is no less


class TestTraining:
    def test_arms_of_the_same_rows_are_trained_once(self) -> None:
        student = LEAKS.changed()
        audited(student, planted=False)
        names = Counter(job.name for job in student.trained)
        assert set(names.values()) == {8}
        assert len(names) == 5  # untouched and again, clean, switch, and one of drop and as run

    def test_a_second_audit_trains_nobody(self, tmp_path: Path) -> None:
        student, ctx = SEPARABLE.changed(), Context(cache=tmp_path)
        first = audited(student, ctx=ctx)
        trained = len(student.trained)
        again = audited(student, ctx=ctx)
        assert len(student.trained) == trained > 0
        assert again.model_dump_json() == first.model_dump_json()
        assert audited(student).model_dump_json() == first.model_dump_json()

    def test_an_audit_that_was_cut_off_goes_on_where_it_was(self, tmp_path: Path) -> None:
        ctx, steady = Context(cache=tmp_path), SEPARABLE.changed()
        whole = audited(steady)
        dying = SEPARABLE.changed(dies=17)
        with pytest.raises(OutageError, match="the power is gone"):
            audited(dying, ctx=ctx)
        back = SEPARABLE.changed()
        assert audited(back, ctx=ctx).model_dump_json() == whole.model_dump_json()
        assert len(dying.trained) == 17
        assert len(back.trained) < len(steady.trained) - 16


@pytest.mark.slow
def test_nothing_is_rarely_found_where_there_is_nothing() -> None:
    words: Counter[Word] = Counter()
    nothing = material(50, 5, "words", "Nothing")
    for seed in range(20):
        ctx, seeds = Context(seed=seed), range(100 * seed, 100 * seed + 8)
        student = Fake(base=-0.5, noise=0.4)
        words[audited(student, nothing, ctx=ctx, seeds=seeds, only=AGAIN).verdict.word] += 1
    alarms = words.total() - words[Word.UNRESOLVED] - words[Word.ABSENT]
    assert alarms <= 2
    assert words[Word.ABSENT] > 0
