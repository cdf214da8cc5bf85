from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.audits.statistics.signs import holm, sign_flip
from curate.audits.statistics.student import cumulative
from curate.errors import UsageError

DIFFERENCES = st.lists(st.integers(-50, 50).map(lambda n: n / 10), min_size=1, max_size=10)


@pytest.mark.parametrize("count", [1, 5, 6, 8, 16])
def test_differences_of_one_sign_give_the_least_p_there_is(count: int) -> None:
    assert sign_flip(np.linspace(0.1, 0.7, count)) == 2 / 2**count


def test_no_difference_at_all_is_p_one() -> None:
    assert sign_flip(np.zeros(8)) == 1


@given(DIFFERENCES)
def test_p_is_the_share_of_all_flips_that_reach_as_far(found: list[float]) -> None:
    reached = abs(round(10 * sum(found)))
    flips = [
        abs(round(sum(sign * 10 * each for sign, each in zip(signs, found, strict=True))))
        for signs in product((-1, 1), repeat=len(found))
    ]
    assert sign_flip(np.array(found)) == sum(flip >= reached for flip in flips) / len(flips)


@given(DIFFERENCES, st.randoms())
def test_order_sign_and_unit_do_not_matter(found: list[float], random: object) -> None:
    p = sign_flip(np.array(found))
    assert sign_flip(-0.1 * np.array(sorted(found))) == p
    assert 2 / 2 ** len(found) <= p <= 1


def test_above_sixteen_pairs_flips_are_drawn_the_same_way_for_the_same_seed() -> None:
    found = np.random.default_rng(3).normal(0.5, 1, 20)
    p = sign_flip(found, seed=1)
    t = abs(found.mean()) / (found.std(ddof=1) / np.sqrt(20))
    assert p == sign_flip(found, seed=1)
    assert p == pytest.approx(2 * cumulative(-t, 19), abs=0.02)
    assert sign_flip(np.ones(40)) > 0


def test_the_test_has_its_size() -> None:
    """Of 8 pairs that do not differ, 12 of 256 sign patterns are significant at 5 %."""
    rng = np.random.default_rng(0)
    alarms = sum(sign_flip(rng.normal(size=8)) <= 0.05 for _ in range(4000)) / 4000
    assert alarms == pytest.approx(12 / 256, abs=3 * (0.047 * 0.953 / 4000) ** 0.5)


def test_holm_corrects_as_in_the_book() -> None:
    found = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}
    corrected = holm(found, ["a", "b", "c", "d"])
    assert corrected == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})


def test_what_was_declared_and_not_made_still_counts() -> None:
    assert holm({"a": 0.02}, ["a", "b", "c"]) == pytest.approx({"a": 0.06, "b": 1, "c": 1})


def test_what_was_not_declared_is_refused() -> None:
    with pytest.raises(UsageError, match="not declared before training: later"):
        holm({"later": 0.001}, ["a"])
    with pytest.raises(UsageError, match="twice"):
        holm({"a": 0.001}, ["a", "a"])


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(found: dict[str, float]) -> None:
    corrected = holm(found, list(found))
    for name, p in found.items():
        assert p <= corrected[name] <= min(1, p * len(found))
    ordered = [corrected[name] for name in sorted(found, key=found.__getitem__)]
    assert ordered == sorted(ordered)


def test_a_family_of_null_comparisons_rarely_finds_anything() -> None:
    rng = np.random.default_rng(1)
    names = ["a", "b", "c", "d"]
    found = 0
    for _ in range(500):
        p = {name: sign_flip(rng.normal(size=10)) for name in names}
        found += min(holm(p, names).values()) <= 0.05
    assert found / 500 <= 0.05 + 2 * (0.05 * 0.95 / 500) ** 0.5
