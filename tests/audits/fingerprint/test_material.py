"""Which rows an audit is about."""

import audit_corpora as planted
from curate.audits.fingerprint.material import choose


def test_teachers_with_too_few_rows_are_left_out() -> None:
    rows = [*planted.samples(40, teachers=("ada", "bob")), *planted.samples(29, teachers=("cyd",))]
    found = choose(rows, 1000, 0)
    assert found.teachers == ("ada", "bob")
    assert found.few == {"cyd": (29, 29)}
    assert found.counts == {"ada": 40, "bob": 40, "cyd": 29}


def test_many_rows_on_few_prompts_are_too_few() -> None:
    rows = [row._replace(prompt=f"p{n % 29}") for n, row in enumerate(planted.samples(100))]
    assert choose(rows, 1000, 0).teachers == ()


def test_of_many_rows_the_same_prompts_are_taken_for_all() -> None:
    found = choose(planted.samples(100), 40, 0)
    asked = {
        name: {row.prompt for row in found.samples if row.teacher == name}
        for name in found.teachers
    }
    assert len(found.samples) == 120
    assert asked["ada"] == asked["bob"] == asked["cyd"]


def test_rows_without_a_teacher_are_apart() -> None:
    rows = planted.samples(40)
    unnamed = [row._replace(teacher=None) for row in rows[:7]]
    found = choose([*rows, *unnamed], 1000, 0)
    assert found.unlabelled == unnamed
    assert len(found.samples) == 120
