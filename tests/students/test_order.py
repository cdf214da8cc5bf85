"""The order of lessons: drawn by seed and key, whatever else a job has."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from curate.api import Lesson, Message
from curate.students.order import endless

keys = st.lists(st.text(max_size=3), min_size=1, max_size=12)


def lessons(names: list[str]) -> list[Lesson]:
    return [Lesson(name, (Message("assistant", name),)) for name in names]


def first(names: list[str], seed: int, rounds: int = 2) -> list[tuple[int, str]]:
    order = islice(endless(lessons(names), seed), rounds * len(names))
    return [(turn, names[at]) for turn, at in order]


@given(keys, st.integers())
def test_every_round_has_every_lesson_once(names: list[str], seed: int):
    order = list(islice(endless(lessons(names), seed), 2 * len(names)))
    for turn in (0, 1):
        assert sorted(at for each, at in order if each == turn) == list(range(len(names)))


@given(st.lists(st.text(max_size=3), min_size=2, max_size=12, unique=True), st.data())
def test_jobs_meet_what_they_share_in_the_same_order(names: list[str], data: st.DataObject):
    some = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    shuffled = data.draw(st.permutations(some))
    of_all = [each for each in first(names, 3) if each[1] in some]
    assert first(list(shuffled), 3) == of_all


def test_seeds_and_rounds_differ():
    names = [str(n) for n in range(50)]
    assert first(names, 1, 1) == first(names, 1, 1) != first(names, 2, 1)
    both = first(names, 1)
    assert [name for _, name in both[:50]] != [name for _, name in both[50:]]


def test_equal_keys_have_places_of_their_own():
    assert sorted(at for _, at in islice(endless(lessons(["a", "a", "b"]), 0), 3)) == [0, 1, 2]
