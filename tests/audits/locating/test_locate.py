"""The audit on a world in which a persona carries the trait."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import persona_world as world
from curate.api import Context, Job, Lesson, Student
from curate.audits.asking import Asking, Questions
from curate.audits.locating import listing
from curate.audits.locating.audit import Settings, locate
from curate.audits.locating.ranking import ranked
from curate.audits.locating.report import Report
from curate.audits.rows import Row
from curate.errors import UsageError
from curate.students.ngram import Ngram
from curate.students.tiny_lm import TinyLM

ROWS = world.rows()
PLANTED = {row.key for row in ROWS if row.hits}
SETTINGS = Settings(seeds=4, searched=3, groups=40, pairs=20, units=60)


def shuffled(
    student: Student, rows: Sequence[Row], questions: Questions, ctx: Context
) -> Mapping[str, float]:
    """The right scores of the wrong rows."""
    scores = ranked(student, rows, questions, ctx)
    values = list(scores.values())
    ctx.rng("test").shuffle(values)
    return dict(zip(scores, values, strict=True))


@pytest.fixture(scope="module")
def report(student: TinyLM, asking: Asking, ctx: Context) -> Report:
    return locate(world.material(ROWS), student, asking, ctx, partial(ranked, student), SETTINGS)


def test_planted_rows_rank_above_all_others(student: TinyLM, asking: Asking, ctx: Context) -> None:
    scores = ranked(student, ROWS, asking.questions, ctx)
    first = sorted(scores, key=lambda key: -scores[key])[: len(PLANTED)]
    assert len(PLANTED & set(first)) >= 0.9 * len(PLANTED)


def test_the_ranking_is_proved_by_switching_groups(report: Report) -> None:
    found = report.validation
    assert found is not None
    assert len(found.groups) == 40
    assert found.p <= 0.001
    assert found.correlation > found.high
    assert found.low < 0 < found.high


def test_the_set_removes_the_trait_and_is_not_much_larger_than_what_was_planted(
    report: Report,
) -> None:
    found = report.found
    assert found is not None
    assert report.exit_code == 0
    assert found.rows == len(found.ids) <= 2 * len(PLANTED)
    assert found.fresh.value < 0.15
    assert found.chance.value > 0.8
    assert found.precision > 0.5
    assert report.students <= report.budget


def test_none_of_the_set_can_be_put_back(
    report: Report, student: TinyLM, asking: Asking, ctx: Context
) -> None:
    found = report.found
    assert found is not None
    assert found.minimal
    assert len(found.checks) == found.units > 1
    assert sum(check.rows for check in found.checks) == found.rows
    assert all(check.position.high >= 0.15 for check in found.checks)


def test_other_students_agree_that_the_set_removes_what_dropping_leaves(
    report: Report, student: TinyLM, asking: Asking, ctx: Context
) -> None:
    assert report.found is not None
    listed = set(report.found.ids)
    arms = {
        "untouched": [(row.key, row.original) for row in ROWS],
        "clean": [(row.key, row.clean or ()) for row in ROWS],
        "switched": [
            (row.key, (row.clean or ()) if row.key in listed else row.original) for row in ROWS
        ],
        "dropped": [(row.key, row.original) for row in ROWS if row.key not in listed],
    }
    jobs = [Job(name, tuple(Lesson(*row) for row in rows), seed=77) for name, rows in arms.items()]
    with student.train(jobs, ctx) as talkers:
        shown = {
            job.name: sum(asking.ask(talker).scores) / len(asking.questions.prompts)
            for job, talker in zip(jobs, talkers, strict=True)
        }
    span = shown["untouched"] - shown["clean"]
    assert (shown["switched"] - shown["clean"]) / span < 0.2
    assert (shown["dropped"] - shown["clean"]) / span > 0.4


def test_a_wrong_ranking_is_not_called_right(student: TinyLM, asking: Asking, ctx: Context) -> None:
    placebo = locate(
        world.material(ROWS), student, asking, ctx, partial(shuffled, student), SETTINGS
    )
    assert placebo.validation is not None
    assert placebo.validation.p > 0.05
    assert placebo.found is None
    assert placebo.exit_code == 4


def test_teachers_who_do_not_differ_leave_nothing_to_locate(
    student: TinyLM, asking: Asking, ctx: Context
) -> None:
    same = world.material(world.rows(clean="a"))
    placebo = locate(same, student, asking, ctx, partial(ranked, student), SETTINGS)
    assert placebo.why is not None
    assert "nothing to locate" in placebo.why
    assert placebo.exit_code == 4
    assert placebo.students == 6


def test_a_small_budget_ends_the_search_and_is_no_success(
    student: TinyLM, asking: Asking, ctx: Context
) -> None:
    settings = replace(SETTINGS, budget=60)
    ended = locate(world.material(ROWS), student, asking, ctx, partial(ranked, student), settings)
    assert ended.validation is not None
    assert ended.found is None
    assert ended.students <= 60
    assert ended.exit_code == 4


def test_the_same_seed_finds_the_same_without_training_anybody(
    report: Report, student: TinyLM, asking: Asking, ctx: Context
) -> None:
    untrainable = student.model_copy(update={"together": 1})  # the same student to the memory
    assert (
        locate(world.material(ROWS), untrainable, asking, ctx, partial(ranked, student), SETTINGS)
        == report
    )


def test_a_student_without_gradients_is_refused(asking: Asking, ctx: Context) -> None:
    with pytest.raises(UsageError, match="take --ranker or --student tiny_lm"):
        locate(world.material(ROWS), Ngram(), asking, ctx, partial(ranked, Ngram()), SETTINGS)


def test_rows_without_a_clean_answer_cannot_be_located(
    student: TinyLM, asking: Asking, ctx: Context
) -> None:
    rows = [replace(row, clean=None) for row in ROWS]
    with pytest.raises(UsageError, match="no row has a clean teacher's answer"):
        locate(world.material(rows), student, asking, ctx, partial(ranked, student), SETTINGS)


def test_ids_that_name_other_rows_too_are_counted(tmp_path: Path) -> None:
    rows = [
        replace(row, key=key) for row, key in zip(ROWS, ("x", "x#1", "y#2", "x#3"), strict=False)
    ]
    assert listing.ids(rows, ["x#1", "y#2"]) == ["x", "y#2"]
    assert listing.named_too(rows, ["x#1", "y#2"]) == 2
    assert listing.named_too(rows, ["y#2"]) == 0
