import random
from array import array
from statistics import mean, pstdev

from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.sketches import SIZE, Sketches, similarity
from curate.filters.minhash.spilled_sketches import SketchesInFile

sets = st.sets(st.integers(0, 30), min_size=1)


def compared(one: set[int], other: set[int]) -> float:
    first, second = sorted(one)[:SIZE], sorted(other)[:SIZE]
    found = similarity(first, frozenset(first), second)
    assert found == similarity(second, frozenset(second), first)
    return found


@given(sets, sets)
def test_small_sets_are_compared_exactly(one: set[int], other: set[int]) -> None:
    assert compared(one, other) == len(one & other) / len(one | other)


@given(st.integers(1, 3 * SIZE))
def test_a_set_is_the_same_as_itself(size: int) -> None:
    assert compared(set(range(size)), set(range(size))) == 1.0


def test_what_is_not_known_of_a_large_set_does_not_count() -> None:
    large, small = set(range(10 * SIZE)), {0, 1, 10 * SIZE, 10 * SIZE + 1}
    assert compared(large, small) == 2 / SIZE  # of the large one only numbers below SIZE are known


def pairs(of: int, shared: int, count: int) -> list[float]:
    rng = random.Random(5)
    found = []
    for _ in range(count):
        drawn = rng.sample(range(1 << 32), 2 * of - shared)
        found.append(compared(set(drawn[:of]), set(drawn[of - shared :])))
    return found


def test_large_sets_are_estimated_without_bias_and_within_the_error_that_is_stated() -> None:
    count, true = 400, 800 / 1000
    estimates = pairs(900, 800, count)
    error = (true * (1 - true) / SIZE) ** 0.5
    assert abs(mean(estimates) - true) < 4 * error / count**0.5
    assert pstdev(estimates) < 1.1 * error


def test_of_a_large_and_a_small_set_the_estimate_has_no_bias_either() -> None:
    rng, count = random.Random(6), 400
    estimates = []
    for _ in range(count):
        drawn = rng.sample(range(1 << 32), 600)
        estimates.append(compared(set(drawn), set(drawn[:100])))
    assert abs(mean(estimates) - 1 / 6) < 4 * (1 / 6 * 5 / 6 / SIZE / count) ** 0.5


entries = st.lists(
    st.tuples(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=9), st.integers(0, 1 << 40)),
    min_size=1,
)


@given(entries)
def test_each_entry_has_what_it_was_added_with(entries: list[tuple[list[int], int]]) -> None:
    within, outside = Sketches(), SketchesInFile(None)
    for number, (sketch, index) in enumerate(entries):
        for each in (within, outside):
            each.add(array("I", sketch), index)
            assert list(each.of(number)) == sketch
    for number, (sketch, index) in enumerate(entries):
        for each in (within, outside):
            assert (list(each.of(number)), each.index(number)) == (sketch, index)
    assert [(list(sketch), index) for sketch, index in within] == entries
    outside.close()
