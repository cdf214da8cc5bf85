"""Delta debugging against oracles that are plain functions."""

from collections.abc import Callable
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from curate.audits.locating.minimal import minimal, shortest

UNITS = list(range(9))
Oracle = Callable[[list[int]], bool]


def rising(causes: list[set[int]]) -> Oracle:
    """Holds for whatever contains one of the causes."""
    return lambda some: any(cause <= set(some) for cause in causes)


def is_minimal(found: list[int], holds: Oracle) -> bool:
    return holds(found) and not any(
        holds([unit for unit in found if unit != spared]) for spared in found
    )


causes = st.lists(st.sets(st.sampled_from(UNITS), min_size=1), min_size=1, max_size=4)
any_oracle = st.sets(st.frozensets(st.sampled_from(UNITS)))


@given(causes)
def test_what_is_found_is_one_of_the_least_causes_where_more_never_hurts(
    several: list[set[int]],
) -> None:
    found = set(minimal(UNITS, rising(several)))
    assert found in several
    assert not any(cause < found for cause in several)


@given(any_oracle)
def test_what_is_found_is_1_minimal_whatever_the_oracle(holding: set[frozenset[int]]) -> None:
    def holds(some: list[int]) -> bool:
        return frozenset(some) in holding or len(some) == len(UNITS)

    found = minimal(UNITS, holds)
    assert is_minimal(found, holds)
    assert found == sorted(found)


def test_the_first_units_are_kept_rather_than_the_last() -> None:
    assert minimal(UNITS, lambda some: len(some) >= 3) == [0, 1, 2]


def test_nothing_is_kept_where_nothing_is_needed() -> None:
    assert minimal(UNITS, lambda _: True) == []


def test_few_units_of_many_are_found_with_few_questions() -> None:
    asked = 0

    def holds(some: list[int]) -> bool:
        nonlocal asked
        asked += 1
        return {3, 300} <= set(some)

    assert minimal(range(512), holds) == [3, 300]
    assert asked < 80


@given(st.integers(0, 12))
def test_as_many_of_the_first_units_as_are_needed_are_taken(needed: int) -> None:
    found = shortest(UNITS, lambda some: len(some) >= needed)
    if needed > len(UNITS):
        assert found is None
    else:
        assert found == UNITS[: max(needed, 1)]


def test_the_two_together_find_a_least_cause_among_the_first_units() -> None:
    for cause in combinations(UNITS, 3):
        holds = rising([set(cause)])
        enough = shortest(UNITS, holds)
        assert enough == UNITS[: cause[-1] + 1]
        assert minimal(enough, holds) == list(cause)
