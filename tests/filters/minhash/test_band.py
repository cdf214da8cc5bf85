from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.band import LOOKED_AT, Band

keys = st.integers(0, 20).map(lambda n: 7 + (n % 4 << 8) + (n % 3))
"""Few keys, many of them in the same slot of a small table."""


@given(st.lists(st.one_of(keys, st.integers(0, 2**32 - 1))))
def test_answers_as_a_dict_of_lists(keys: list[int]) -> None:
    band, entries = Band(), {}
    for number, key in enumerate(keys):
        assert band.admit(key) == entries.get(key, [])[::-1][:LOOKED_AT]
        entries.setdefault(key, []).append(number)


def test_nothing_is_lost_while_it_grows() -> None:
    band, count = Band(), 3000
    spread = [number * 0x9E3779B1 % 2**32 for number in range(count)]
    assert all(band.admit(key) == [] for key in spread)
    assert [band.admit(key) for key in spread] == [[number] for number in range(count)]


def test_of_a_crowd_the_latest_are_looked_at() -> None:
    band = Band()
    for number in range(1000):
        found = band.admit(5)
        assert found == list(range(number - 1, max(number - 1 - LOOKED_AT, -1), -1))
