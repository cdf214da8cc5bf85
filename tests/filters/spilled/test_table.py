from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import OutageError
from curate.filters.spilled.table import LAST, Tables

keys = st.one_of(
    st.integers(0, 2**32 - 1),
    st.integers(0, 20).map(lambda n: (n << 20) + 7),  # the same cell, until it has doubled often
    st.integers(0, 20).map(lambda n: LAST - n % 3),  # the last cells: the search wraps around
)


def enter(tables: Tables, table: int, key: int, number: int) -> None:
    size = tables.mask + 1
    at = key & tables.mask
    while tables.cells[table * size + at]:
        at = (at + 1) % size
    tables.cells[table * size + at] = key << 32 | number


def found(tables: Tables, table: int, key: int) -> set[int]:
    """Return the numbers that a search for the key meets."""
    size = tables.mask + 1
    at, numbers = key & tables.mask, set()
    while cell := tables.cells[table * size + at]:
        if cell >> 32 == key:
            numbers.add(cell & LAST)
        at = (at + 1) % size
    return numbers


@given(st.lists(st.tuples(st.integers(0, 2), keys), max_size=60))
def test_every_key_is_found_in_its_table_after_each_doubling(
    entered: list[tuple[int, int]],
) -> None:
    tables, model = Tables(3, 4, None), {}
    for number, (table, key) in enumerate(entered, 1):
        if number > tables.room:
            tables.double()
        enter(tables, table, key, number)
        model.setdefault((table, key), set()).add(number)
    for _ in range(3):
        for table in range(3):
            for key in {key for _, key in entered}:
                assert found(tables, table, key) == model.get((table, key), set())
        assert sum(map(bool, tables.cells)) == len(entered)
        tables.double()
    tables.close()


def test_has_room_for_two_thirds() -> None:
    tables = Tables(2, 1 << 10, None)
    assert (tables.room, tables.mask, len(tables.cells)) == (682, 1023, 2048)
    tables.double()
    assert (tables.room, tables.mask, len(tables.cells)) == (1365, 2047, 4096)
    tables.close()


@pytest.mark.usefixtures("full_disk")
def test_without_room_it_keeps_what_it_had(tmp_path: Path) -> None:
    tables = Tables(1, 1 << 12, tmp_path)
    enter(tables, 0, 77, 5)
    tables.double()
    with pytest.raises(OutageError, match=str(tmp_path)):
        tables.double()
    assert found(tables, 0, 77) == {5}
    assert tables.mask == (1 << 13) - 1
    tables.close()


def test_has_no_more_cells_than_there_are_keys(tmp_path: Path) -> None:
    with pytest.raises(OutageError, match=r"2\.8 billion records"):
        Tables(1, 1 << 33, tmp_path)
