from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from curate.api import Context
from curate.audits.rows import Material
from curate.audits.transfer.design import Design, check_reach, design
from curate.errors import UsageError
from fake_students import material

NEEDED = {"untouched", "as run", "clean"}


def _design(known: Material | None = None, seeds: Sequence[int] = range(8), **more: Any) -> Design:
    return design(known or material(), Context(), seeds, **({"has_base": True} | more))


def _bare() -> Material:
    return Material(tuple(replace(row, clean=None) for row in material().rows), ("step",), {})


def test_all_arms_are_trained_and_three_get_a_verdict() -> None:
    plan = _design()
    assert len(plan.arms) == 10
    assert plan.left_out == {}
    assert plan.family == ("as run", "drop", "switch")
    assert plan.scale.zero == "clean"


def test_without_clean_answers_the_base_is_0_and_arms_are_left_out_by_name() -> None:
    plan = _design(_bare())
    assert plan.scale.zero == "base"
    assert set(plan.left_out) == {"clean", "switch", "random switch", "clean + hits"}
    assert plan.left_out["clean"] == "a clean teacher answered 0 of the 100 rows it needs"
    assert plan.family == ("as run", "drop")


def test_without_clean_answers_and_base_there_is_no_scale() -> None:
    with pytest.raises(UsageError, match=r"--index.*--base"):
        _design(_bare(), has_base=False)
    with pytest.raises(UsageError, match="0 of the 100 rows"):
        _design(_bare(), zero="clean")
    with pytest.raises(UsageError, match="no model to begin with"):
        _design(zero="base", has_base=False)


def test_only_some_arms_beside_those_the_scale_needs() -> None:
    plan = _design(only=["switch"])
    assert set(plan.arms) == {*NEEDED, "switch"}
    assert plan.family == ("as run", "switch")
    assert plan.left_out["drop"] == "not asked for (--arms)"
    based = _design(only=["switch"], zero="base")
    assert set(based.arms) == {"untouched", "as run", "switch"}


def test_an_arm_that_is_not_there_is_named_with_one_that_is() -> None:
    with pytest.raises(UsageError, match=r"no arm is called 'swich'.*switch"):
        _design(only=["swich"])


def test_a_run_that_kept_nothing_is_refused() -> None:
    rows = tuple(replace(row, now=None) for row in material().rows)
    with pytest.raises(UsageError, match="kept no record"):
        _design(Material(rows, ("step",), {}))


def test_a_design_that_could_find_nothing_is_refused_unless_one_only_looks() -> None:
    for seeds, refused in ((6, True), (7, False), (8, False)):
        plan = _design(seeds=range(seeds))
        check_reach(plan, exploratory=True)
        if refused:
            with pytest.raises(UsageError, match="take --seeds 7 or more"):
                check_reach(plan, exploratory=False)
        else:
            check_reach(plan, exploratory=False)
    check_reach(_design(seeds=range(6), only=["untouched again"]), exploratory=False)  # one test
