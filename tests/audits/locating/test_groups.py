"""Rows in groups of one size."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import persona_world as world
from curate.api import Context
from curate.audits.locating.groups import By, equal_parts, grouped
from curate.errors import UsageError

ROWS = world.rows(400)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60), st.data())
def test_parts_hold_everything_in_order_and_none_is_empty(
    sizes: list[int], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(sizes)))
    parts = equal_parts(range(len(sizes)), sizes, count)
    assert [thing for part in parts for thing in part] == list(range(len(sizes)))
    assert len(parts) == count
    assert all(parts)


@pytest.mark.parametrize("by", ["prompts", "source", "random"])
def test_every_row_is_in_one_group_and_groups_are_of_one_size(by: By) -> None:
    groups = grouped(ROWS, 40, by, Context())
    counted = Counter(key for group in groups for key in group.keys)
    assert counted == Counter(row.key for row in ROWS)
    sizes = [len(group.keys) for group in groups]
    assert len(sizes) == 40
    assert max(sizes) <= 10 + 3  # some prompts have several rows


def test_rows_of_one_prompt_stay_together() -> None:
    of = {key: group.name for group in grouped(ROWS, 40, "random", Context()) for key in group.keys}
    by_prompt: dict[object, set[str]] = {}
    for row in ROWS:
        by_prompt.setdefault(row.prompt, set()).add(of[row.key])
    assert all(len(names) == 1 for names in by_prompt.values())


def test_prompts_of_a_group_have_more_words_in_common_than_random_ones() -> None:
    asked = {row.key: set(row.prompt[-1].content.split()) for row in ROWS}

    def common(by: By) -> float:
        found = [
            len(asked[one] & asked[other])
            for group in grouped(ROWS, 40, by, Context())
            for one, other in combinations(sorted(group.keys), 2)
        ]
        return sum(found) / len(found)

    assert common("prompts") > 1.5 * common("random")


def test_more_groups_than_prompts_are_refused() -> None:
    with pytest.raises(UsageError, match="too few for 500 groups"):
        grouped(ROWS, 500, "prompts", Context())
