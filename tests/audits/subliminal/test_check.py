from dataclasses import replace

import pytest

from curate.audits.subliminal.arms import ARMS, CONTROLS, SAME, TEACHER, UNTRAINED, Arm, Whose
from curate.audits.subliminal.check import run
from curate.audits.subliminal.report import Report, Word
from curate.audits.subliminal.training import Recipe
from curate.audits.subliminal.wording import lines
from curate.errors import UsageError

pytest.importorskip("torch")
pytest.importorskip("sklearn")

QUICK = Recipe(epochs=8, steps=150)


def quick(*arms: Arm) -> Report:
    return run(6, arms=arms, recipe=QUICK)


def accuracies(report: Report) -> dict[str, float]:
    return {student.name: student.accuracy.value for student in report.students}


@pytest.mark.slow
def test_transfer_is_visible_and_vanishes_without_the_teachers_initialisation() -> None:
    report = run()
    found = accuracies(report)
    assert (report.verdict, report.exit_code) == (Word.VISIBLE, 0)
    assert found[TEACHER] >= 0.9
    assert found[SAME.name] >= 0.3
    assert max(found[arm.name] for arm in CONTROLS) <= 0.15
    assert found[UNTRAINED] == pytest.approx(0.1, abs=0.05)
    assert report.transfer.p == 2 / 2**8


def test_six_seeds_and_a_short_course_show_it_too() -> None:
    report = quick(*ARMS)
    assert report.verdict is Word.VISIBLE
    assert all(each.position is not None for each in report.left)


def test_a_student_given_another_initialisation_by_mistake_is_not_visible() -> None:
    broken = replace(SAME, body=Whose.OTHER, head=Whose.OTHER)
    report = quick(broken, *CONTROLS[1:])
    assert (report.verdict, report.exit_code) == (Word.NOT_VISIBLE, 4)
    assert all(each.position is None for each in report.left)
    assert SAME.name in report.because


def test_a_control_given_the_teachers_initialisation_by_mistake_does_not_vanish() -> None:
    leaking = replace(CONTROLS[0], body=Whose.OWN, head=Whose.OWN)
    report = quick(SAME, leaking)
    assert (report.verdict, report.exit_code) == (Word.STAYS, 4)
    assert leaking.name in report.because


def test_a_teacher_that_learned_nothing_transfers_nothing() -> None:
    report = run(6, arms=ARMS, recipe=replace(QUICK, epochs=0))
    assert report.verdict is Word.NOT_VISIBLE


def test_the_same_seed_gives_the_same_report() -> None:
    short = Recipe(epochs=1, steps=5)
    one, again, other = (run(6, seed, recipe=short) for seed in (1, 1, 2))
    assert one == again
    assert one.students != other.students


def test_too_few_seeds_are_refused_before_anything_learns() -> None:
    with pytest.raises(UsageError, match=r"5 seeds: .* fewer than 6"):
        run(5, progress=pytest.fail)


def test_the_report_is_told_in_plain_lines_and_read_back_from_json() -> None:
    stages: list[str] = []
    report = run(6, progress=stages.append, recipe=Recipe(epochs=1, steps=5))
    told = "\n".join(lines(report))
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert report.verdict in told
    assert report.because in told
    assert all(student.name in told for student in report.students)
    assert len(stages) == 2
