from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.minhash.band import LOOKED_AT
from curate.filters.minhash.bands import Bands
from curate.filters.minhash.spilled_bands import BandsInFile

COUNT = 3
key = st.one_of(
    st.integers(0, 20).map(lambda n: 7 + (n % 4 << 10) + (n % 3)),  # many of one cell
    st.integers(0, 3).map(lambda n: 2**32 - 1 - n),  # the last cells: a search wraps around
    st.integers(0, 2**32 - 1),
)
entries = st.lists(st.lists(key, min_size=COUNT, max_size=COUNT))


def reference(entries: list[list[int]]) -> list[Counter[int]]:
    """What the docstrings say, with every earlier entry looked at."""
    answers = []
    for number, keys in enumerate(entries):
        shared = Counter()
        for band, key in enumerate(keys):
            same = [other for other in range(number) if entries[other][band] == key]
            shared.update(same[-LOOKED_AT:])
        answers.append(shared)
    return answers


def admit(entries: list[list[int]], bands: Bands | BandsInFile) -> list[Counter[int]]:
    return [bands.admit(array("I", keys)) for keys in entries]


@given(entries)
def test_counts_the_bands_that_earlier_entries_share(entries: list[list[int]]) -> None:
    bands = Bands(COUNT)
    assert admit(entries, bands) == reference(entries)
    assert [list(keys) for keys in bands] == entries


@given(entries)
def test_in_files_the_counts_are_the_same(entries: list[list[int]]) -> None:
    bands = BandsInFile(COUNT, None)
    assert admit(entries, bands) == reference(entries)
    bands.close()


@pytest.mark.parametrize("in_files", [False, True])
def test_nothing_is_lost_while_it_grows(in_files: bool) -> None:
    bands, count = BandsInFile(2, None) if in_files else Bands(2), 3000
    spread = [number * 0x9E3779B1 % 2**32 for number in range(count)]
    entries = [[key, spread[-number]] for number, key in enumerate(spread)]
    assert all(not shared for shared in admit(entries, bands))
    assert admit(entries, bands) == [Counter({number: 2}) for number in range(count)]
    if isinstance(bands, BandsInFile):
        bands.close()


def test_of_a_crowd_in_files_the_latest_are_looked_at() -> None:
    bands = BandsInFile(1, None)
    for number in range(1000):
        found = bands.admit(array("I", [5]))
        assert sorted(found) == list(range(max(number - LOOKED_AT, 0), number))
    bands.close()
