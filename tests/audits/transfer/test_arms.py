"""The arms of an audit: which rows are in which, over materials of many kinds."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.api import Context, Message
from curate.audits.rows import Material, Row
from curate.audits.transfer.arms import (
    AGAIN,
    AS_RUN,
    CLEAN,
    DROP,
    MATCHED_DROP,
    RANDOM_DROP,
    RANDOM_SWITCH,
    SUFFICIENT,
    SWITCH,
    UNTOUCHED,
    Pick,
    compose,
    residual,
)
from fake_students import material


def _said(asked: str, answer: str) -> tuple[Message, ...]:
    return (Message("user", asked), Message("assistant", answer))


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Rows of any length and source, hit or not, kept, rewritten or not, answered or not."""
    rows = []
    for number in range(draw(st.integers(2, 40))):
        original = _said(f"q{number}", "x" * draw(st.integers(1, 30)))
        hit = draw(st.booleans())
        rows.append(
            Row(
                key=f"r{number}",
                original=original,
                now=draw(st.sampled_from([None, original, _said(f"q{number}", "rewritten")])),
                hits=frozenset({"step"} if hit else {"another"}),
                source=draw(st.sampled_from(["a", "b", None])),
                clean=draw(st.sampled_from([None, _said(f"q{number}", "clean")])),
            )
        )
    return Material(tuple(rows), ("step",), {})


def _keys(picks: list[Pick]) -> list[str]:
    return [pick.row.key for pick in picks]


@settings(max_examples=60, deadline=None)
@given(materials(), st.integers(0, 5))
def test_every_row_is_in_the_arms_it_belongs_to(known: Material, seed: int) -> None:
    arms = compose(known, Context())
    rows, hits = {row.key: row for row in known.rows}, known.hits
    picked = {name: arm.picks(seed) for name, arm in arms.items()}
    said = {name: {row.key: text for row, text in picks} for name, picks in picked.items()}
    for picks in picked.values():  # at most once, in the order of the run
        assert _keys(picks) == [key for key in rows if key in set(_keys(picks))]
    original = {key: row.original for key, row in rows.items()}
    assert said[UNTOUCHED] == said[AGAIN] == original
    assert said[AS_RUN] == {key: row.now for key, row in rows.items() if row.now is not None}
    assert said[DROP] == {key: text for key, text in original.items() if key not in hits}
    assert said[CLEAN] == {key: row.clean for key, row in rows.items() if row.clean is not None}
    for key, row in rows.items():
        switched = row.switched if key in hits else row.original
        assert said[SWITCH].get(key) == switched
        assert said[SUFFICIENT].get(key) == (row.original if key in hits else row.clean)
    for name in (RANDOM_DROP, MATCHED_DROP):
        assert said[name].items() <= original.items()
    assert len(said[RANDOM_DROP]) == len(rows) - len(hits)
    assert hits <= said[MATCHED_DROP].keys()
    if arms[MATCHED_DROP].lacks is None:
        assert len(said[MATCHED_DROP]) == len(rows) - len(hits)
    assert said[RANDOM_SWITCH].keys() == rows.keys()


@settings(max_examples=60, deadline=None)
@given(materials(), st.integers(0, 5))
def test_what_is_trained_is_what_its_name_says(known: Material, seed: int) -> None:
    arms = compose(known, Context())
    size = len(known.hits)
    for arm in arms.values():
        assert arm.missing is not None or arm.picks(seed)
    if arms[RANDOM_SWITCH].missing is None:
        changed = sum(row.original != said for row, said in arms[RANDOM_SWITCH].picks(seed))
        assert 0.9 * size <= changed <= size
    if arms[SWITCH].missing is None:
        assert len(arms[SWITCH].picks(seed)) >= len(known.rows) - 0.1 * size
    if arms[CLEAN].missing is None:
        assert len(arms[CLEAN].picks(seed)) >= 0.9 * len(known.rows)


def test_a_run_that_rewrote_without_an_index_has_no_random_switch() -> None:
    rows = [
        replace(row, clean=None, now=row.clean if row.hits else row.original)
        for row in material().rows
    ]
    arms = compose(Material(tuple(rows), ("step",), {}), Context())
    assert arms[SWITCH].missing is None
    assert arms[SWITCH].picks(0) == arms[AS_RUN].picks(0)
    assert arms[RANDOM_SWITCH].missing == "a clean teacher answered 0 of the 10 rows it needs"
    assert "0 of the 100" in (arms[CLEAN].missing or "")
    assert "0 of the 90" in (arms[SUFFICIENT].missing or "")


def test_coverage_is_by_what_an_arm_needs() -> None:
    rows = [
        replace(row, clean=row.clean if row.hits or number % 2 else None)
        for number, row in enumerate(material().rows)
    ]
    arms = compose(Material(tuple(rows), ("step",), {}), Context())
    assert {name for name, arm in arms.items() if arm.missing} == {CLEAN, SUFFICIENT}


@pytest.mark.parametrize("hits", [60, 100])
def test_hits_that_outnumber_the_others_have_no_match(hits: int) -> None:
    rows = [
        replace(row, hits=frozenset({"step"} if number < hits else ()))
        for number, row in enumerate(material().rows)
    ]
    arms = compose(Material(tuple(rows), ("step",), {}), Context())
    assert arms[MATCHED_DROP].missing == f"{100 - hits} rows are no hits"
    assert arms[DROP].missing == (None if hits < 100 else "no row is left in it")
    assert arms[RANDOM_DROP].missing == (None if hits < 100 else "no row is left in it")


@pytest.mark.parametrize("name", [RANDOM_DROP, MATCHED_DROP, RANDOM_SWITCH])
def test_draws_differ_by_seed_and_come_again(name: str) -> None:
    known = material()
    arm = compose(known, Context())[name]
    draws = [arm.picks(seed) for seed in range(4)]
    assert all(one != other for one, other in combinations(draws, 2))
    assert [compose(known, Context())[name].picks(seed) for seed in range(4)] == draws
    assert [compose(known, Context(seed=1))[name].picks(seed) for seed in range(4)] != draws


def test_lessons_of_a_row_have_its_key_in_every_arm() -> None:
    for composed in compose(material(), Context()).values():
        for lesson, pick in zip(composed.arm.lessons(3), composed.picks(3), strict=True):
            assert (lesson.key, lesson.messages) == (pick.row.key, pick.said)
    apart = [name for name, each in compose(material(), Context()).items() if each.arm.apart]
    assert apart == [AGAIN]


def test_a_matched_drop_is_of_the_same_sources_and_lengths() -> None:
    rows = []
    for number in range(300):
        hit = number % 10 == 0  # of one source, and long
        source = "a" if hit else "abc"[number % 3]
        length = 300 + number // 2 if hit else 40 * (number % 15)
        said = _said(f"q{number}", "x" * max(1, length))
        hits = frozenset({"step"} if hit else ())
        rows.append(Row(f"r{number}", said, said, hits, source=source))
    known = Material(tuple(rows), ("step",), {})
    arms = compose(known, Context())

    def dropped(name: str) -> list[Row]:
        left = set(_keys(arms[name].picks(1)))
        return [row for row in rows if row.key not in left]

    def means(chosen: list[Row]) -> tuple[float, float]:
        lengths = sum(row.length for row in chosen) / len(chosen)
        return lengths, sum(row.source == "a" for row in chosen) / len(chosen)

    of_hits, of_matched, of_random = map(means, map(dropped, (DROP, MATCHED_DROP, RANDOM_DROP)))
    assert of_matched[1] == of_hits[1] == 1.0
    assert abs(of_matched[0] - of_hits[0]) < 0.3 * abs(of_random[0] - of_hits[0])
    assert of_random[1] < 0.7


def test_the_match_is_the_nearest_in_length() -> None:
    lengths = {"hit": 50, "near": 45, "far": 90, "shorter": 10}
    rows = [
        Row(name, said := _said(name, "x" * length), said, frozenset({name}))
        for name, length in lengths.items()
    ]
    arm = compose(Material(tuple(rows), ("hit",), {}), Context())[MATCHED_DROP]
    assert all(_keys(arm.picks(seed)) == ["hit", "far", "shorter"] for seed in range(5))


def test_rows_of_another_source_stand_in_where_one_has_none_left() -> None:
    rows = [replace(row, source="only" if row.hits else "rest") for row in material().rows]
    arms = compose(Material(tuple(rows), ("step",), {}), Context())
    assert len(arms[MATCHED_DROP].picks(0)) == 90


def test_the_residual_is_the_share_of_characters_the_first_teacher_wrote() -> None:
    one = Row("1", _said("q", "fifteen letters"), None)
    other = Row("2", _said("q", "one"), None)
    assert residual([Pick(one, one.original), Pick(other, _said("q", "other"))]) == 0.75
    assert residual([Pick(other, _said("q", "other"))]) == 0.0
    assert residual([]) == 0.0


def test_a_turn_that_was_not_replaced_is_still_the_first_teachers() -> None:
    said = (*_said("q", "two words"), *_said("and", "two more words"))
    switched = (*said[:-1], Message("assistant", "two other"))
    assert residual([Pick(Row("1", said, None), switched)]) == 0.5
