"""Batches hold every row once, within their budget, with little padding."""

from hypothesis import given
from hypothesis import strategies as st

from curate.filters.encoders.batches import WASTE, batches

LENGTHS = st.lists(st.integers(1, 512), max_size=200)
BUDGETS = st.integers(1, 4096)


@given(LENGTHS, BUDGETS)
def test_every_row_is_in_one_batch(lengths: list[int], budget: int) -> None:
    rows = [row for batch in batches(lengths, budget) for row in batch]
    assert sorted(rows) == list(range(len(lengths)))


@given(LENGTHS, BUDGETS)
def test_a_batch_keeps_its_budget_and_has_little_padding(lengths: list[int], budget: int) -> None:
    for batch in batches(lengths, budget):
        width = lengths[batch[0]]
        assert width == max(lengths[row] for row in batch)
        assert len(batch) == 1 or width * len(batch) <= budget
        padding = width * len(batch) - sum(lengths[row] for row in batch)
        assert padding <= WASTE * width * len(batch)


@given(LENGTHS, BUDGETS)
def test_the_longest_come_first_and_equals_stay_in_order(lengths: list[int], budget: int) -> None:
    rows = [row for batch in batches(lengths, budget) for row in batch]
    assert rows == sorted(rows, key=lambda row: (-lengths[row], row))


def test_equal_rows_fill_their_budget() -> None:
    assert [len(batch) for batch in batches([10] * 9, 40)] == [4, 4, 1]
    assert list(batches([], 40)) == []
