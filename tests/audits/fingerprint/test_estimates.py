"""Shares that count prompts, not rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.audits.fingerprint.estimates import Outcome, difference, effective, share


def outcome(hits: list[int], prompts: list[int] | None = None, first: int = 0) -> Outcome:
    rows = np.arange(first, first + len(hits))
    return Outcome(rows, rows if prompts is None else np.array(prompts), np.array(hits, float))


def test_independent_rows_give_wilsons_interval() -> None:
    found = share([outcome([1] * 60 + [0] * 40)])
    assert found is not None
    assert (found.value, found.count) == (0.6, 100)
    assert found.low == pytest.approx(0.502, abs=0.004)
    assert found.high == pytest.approx(0.691, abs=0.004)


def test_rows_of_one_prompt_that_agree_count_once() -> None:
    hits = [1] * 50 + [0] * 50
    alone = share([outcome(hits)])
    together = share([outcome(hits, [n // 5 for n in range(100)])])
    assert alone is not None
    assert together is not None
    assert effective([outcome(hits, [n // 5 for n in range(100)])]) == pytest.approx(20, rel=0.2)
    assert together.high - together.low > 1.9 * (alone.high - alone.low)


def test_a_row_tested_in_every_split_is_one_row() -> None:
    once = share([outcome([1] * 30 + [0] * 20)])
    often = share([outcome([1] * 30 + [0] * 20)] * 5)
    assert once == often


def test_the_value_is_the_mean_over_splits() -> None:
    found = share([outcome([1, 1, 1, 0]), outcome([0, 1], first=10)])
    assert found is not None
    assert found.value == pytest.approx((0.75 + 0.5) / 2)
    assert found.count == 6


@pytest.mark.parametrize("hit", [0, 1], ids=["none", "all"])
def test_agreement_has_a_width(hit: int) -> None:
    found = share([outcome([hit] * 40, [n // 2 for n in range(40)])])
    assert found is not None
    assert found.high - found.low > 0.1  # 20 prompts, not 40 rows


def test_nothing_tested_is_no_share() -> None:
    assert share([]) is None
    assert share([outcome([])]) is None
    assert difference([outcome([])], [outcome([1])]) is None


def test_the_same_rows_with_the_same_hits_do_not_differ() -> None:
    one = [outcome([1, 0, 1, 1, 0, 1])]
    found = difference(one, one)
    assert found is not None
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_difference_of_paired_rows_is_surer_than_of_others() -> None:
    rng = np.random.default_rng(0)
    before = (rng.random(400) < 0.6).astype(int)
    after = before.copy()
    after[:20] = 0
    paired = difference([outcome(after.tolist())], [outcome(before.tolist())])
    apart = difference([outcome(after.tolist())], [outcome(before.tolist(), list(range(400, 800)))])
    assert paired is not None
    assert apart is not None
    assert paired.high < 0
    assert paired.high - paired.low < 0.6 * (apart.high - apart.low)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """80 prompts, five answers each, prompts of unequal difficulty, each in 1 to 5 splits."""
    rng, holds = np.random.default_rng(7), 0
    for _ in range(300):
        skill = rng.beta(2, 1.5, 80)
        hits = (rng.random((80, 5)) < skill[:, None]).astype(float)
        splits = []
        for _ in range(5):
            chosen = rng.permutation(80)[:24]
            rows = (chosen[:, None] * 5 + np.arange(5)).ravel()
            splits.append(Outcome(rows, rows // 5, hits.ravel()[rows]))
        found = share(splits)
        assert found is not None
        holds += found.low <= 2 / 3.5 <= found.high
    assert 0.92 <= holds / 300 <= 0.985


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=1, max_size=60))
def test_bounds_surround_the_value(rows: list[tuple[bool, int]]) -> None:
    found = share([outcome([int(hit) for hit, _ in rows], [prompt for _, prompt in rows])])
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
