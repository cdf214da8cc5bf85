"""Who answers which rows in every arm."""

from curate.api import Context, Lesson, Message
from curate.audits.diffing import arms
from curate.audits.diffing.inputs import Inputs
from curate.audits.diffing.names import (
    ORIGINAL,
    OTHER,
    SWITCHED,
    WITHOUT_MILD,
    WITHOUT_RANDOM,
    drop,
    drop_switched,
    keep,
    mixed,
    swap,
)
from curate.audits.diffing.subset import Subset
from curate.audits.rows import Row


def _row(n: int) -> Row:
    asked = Message("user", f"question {n}")
    said = (asked, Message("assistant", f"original {n}"))
    clean = (asked, Message("assistant", f"clean {n}"))
    return Row(str(n), said, said, clean=clean)


ROWS = tuple(map(_row, range(20)))
FEW = Subset("few", "group", "", frozenset({"0", "1", "2"}))


def _who(lessons) -> dict[str, str]:
    return {each.key: each.messages[-1].content.split()[0] for each in lessons}


def _arms(*made) -> dict[str, dict[str, str]]:
    return {arm.name: _who(arm.lessons(0)) for several in made for arm in several}


def test_the_four_arms_of_a_subset():
    made = _arms(arms.of_subset(ROWS, FEW))
    everybody = {row.key for row in ROWS}
    original = {
        name: {key for key, who in rows.items() if who == "original"} for name, rows in made.items()
    }
    assert original == {
        keep("few"): FEW.keys,
        swap("few"): everybody - FEW.keys,
        drop("few"): everybody - FEW.keys,
        drop_switched("few"): set(),
    }
    assert made[keep("few")].keys() == made[swap("few")].keys() == everybody
    assert made[drop("few")].keys() == made[drop_switched("few")].keys() == everybody - FEW.keys


def test_random_rows_are_as_many_as_stated_and_drawn_anew_for_each_seed():
    (arm,) = arms.line(ROWS, [0.25], Context())
    draws = [_who(arm.lessons(seed)) for seed in range(4)]
    assert {list(each.values()).count("original") for each in draws} == {5}
    assert len({tuple(each.values()) for each in draws}) > 1
    assert _who(arm.lessons(2)) == draws[2]


def test_a_subset_gets_random_rows_of_its_own_size():
    shares = arms.fractions((0.0, 0.5, 1.0), [FEW], ROWS)
    assert shares == (0.15, 0.5, 0.85)


def test_only_what_was_given_is_trained():
    lessons = (Lesson("x", ROWS[0].original),)
    assert set(_arms(arms.cells(Inputs(ROWS, other=lessons)))) == {ORIGINAL, SWITCHED, OTHER}
    alone = tuple(Row(row.key, row.original, row.now) for row in ROWS)
    assert set(_arms(arms.cells(Inputs(alone)))) == {ORIGINAL}


def test_mild_rows_are_dropped_against_as_many_others():
    made = _arms(arms.without_mild(ROWS, FEW.keys, frozenset({"5", "6"}), Context()))
    assert len(made[WITHOUT_MILD]) == len(made[WITHOUT_RANDOM]) == 15
    assert not made[WITHOUT_MILD].keys() & {"0", "1", "2", "5", "6"}
    assert made[WITHOUT_RANDOM].keys() >= {"5", "6"}
    assert not made[WITHOUT_RANDOM].keys() & FEW.keys


def test_names_of_shares_that_differ_differ():
    assert len({mixed(share) for share in (0.1, 0.1001, 0.25)}) == 3
