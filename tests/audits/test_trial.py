"""Students of several arms, trained and asked."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from curate.api import Context, Lesson, Student
from curate.audits.asking import asking
from curate.audits.trial import INDEPENDENT, Arm, Trial, outcomes, train, untrained
from curate.errors import OutageError, UsageError
from fake_audits import questions_of
from fake_students import Fake, rows

LESSONS = [Lesson(row.key, row.original) for row in rows(20, 2)]


def _arm(name: str, lessons: Sequence[Lesson] = LESSONS, *, apart: bool = False) -> Arm:
    return Arm(name, "", lambda seed: lessons, apart)


def _trained(arms: Sequence[Arm], student: Student, seeds: Sequence[int] = (0, 1, 2)) -> Trial:
    with asking(questions_of(), Context()) as asks:
        return train(arms, seeds, student, asks, Context())


def test_every_arm_has_a_student_for_each_seed() -> None:
    student = Fake()
    trial = _trained([_arm("all"), _arm("few", LESSONS[:5])], student)
    assert set(trial.shown) == {(arm, seed) for arm in ("all", "few") for seed in (0, 1, 2)}
    assert [(job.name, job.seed) for job in student.trained] == [
        (arm, seed) for seed in (0, 1, 2) for arm in ("all", "few")
    ]
    assert trial.fates("all") == {"counted": 36}


def test_arms_of_the_same_rows_are_one_student() -> None:
    student = Fake()
    trial = _trained([_arm("one"), _arm("same"), _arm("other", LESSONS[1:])], student)
    assert len(student.trained) == 6
    assert all(trial.shown["one", seed] == trial.shown["same", seed] for seed in trial.seeds)
    assert trial.shown["one", 0] != trial.shown["other", 0]


def test_an_arm_apart_has_seeds_that_no_other_has() -> None:
    student = Fake()
    trial = _trained([_arm("one"), _arm("again", apart=True)], student)
    assert {job.seed for job in student.trained} == {0, 1, 2, *(INDEPENDENT + n for n in range(3))}
    assert trial.shown["one", 0].trace != trial.shown["again", 0].trace


def test_rows_are_drawn_for_the_seed_and_not_for_the_place() -> None:
    seen: list[int] = []

    def lessons(seed: int) -> Sequence[Lesson]:
        seen.append(seed)
        return LESSONS[seed % 5 :]

    _trained([Arm("drawn", "", lessons), Arm("apart", "", lessons, apart=True)], Fake(), (7, 9))
    assert seen == [7, 7, 9, 9]


def test_progress_tells_seeds_and_students() -> None:
    told: list[str] = []
    with asking(questions_of(), Context()) as asks:
        train([_arm("one")], (4, 5), Fake(), asks, Context(), told.append)
    assert told == [
        "seed 1 of 2: training 1 students",
        "seed 1 of 2: asking student 1 of 1",
        "seed 2 of 2: training 1 students",
        "seed 2 of 2: asking student 1 of 1",
    ]


def test_outcomes_pair_arms_and_hold_the_base() -> None:
    student = Fake()
    trial = _trained([_arm("all"), _arm("few", LESSONS[:5])], student)
    with asking(questions_of(), Context()) as asks:
        based = replace(trial, base=untrained(student, asks, Context()))
        found = outcomes(based, asks)
        assert set(found.arms) == {"all", "few", "base"}
        assert found.seeds == (0, 1, 2)
        assert len(found.templates) == 12
        assert set(outcomes(trial, asks).arms) == {"all", "few"}
    assert based.fates("base") == {"counted": 12}
    assert trial.fates("base") == {}


def test_a_student_that_begins_with_nothing_has_no_base() -> None:
    with asking(questions_of(), Context()) as asks:
        assert untrained(Fake(begins=False), asks, Context()) is None


def test_one_seed_is_too_few_to_compare() -> None:
    trial = _trained([_arm("all")], Fake(), [0])
    with asking(questions_of(), Context()) as asks, pytest.raises(UsageError, match="1 seeds"):
        outcomes(trial, asks)


def test_an_outage_in_the_middle_is_an_outage() -> None:
    with pytest.raises(OutageError):
        _trained([_arm("one")], Fake(dies=2))
