from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import OutageError
from curate.filters.spilled.column import Column

parts = st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=30), max_size=20)


@given(parts)
def test_holds_what_a_list_holds(parts: list[list[int]]) -> None:
    column, model = Column("I", None), []
    for part in parts:
        column.extend(array("I", part))
        model += part
        assert len(column) == len(model)
        assert list(column.cells[: len(model)]) == model
    column.close()


def test_grows_many_times() -> None:
    column = Column("Q", None)
    for number in range(20_000):
        column.extend(array("Q", [number << 32]))
    assert list(column.cells[: len(column)]) == [number << 32 for number in range(20_000)]
    assert len(column.cells) <= 20_000 * 9 / 8 * 9 / 8
    column.close()


def test_takes_more_at_once_than_it_has_room_for() -> None:
    column = Column("I", None)
    column.extend(array("I", range(50_000)))
    assert list(column.cells[: len(column)]) == list(range(50_000))
    column.close()


@pytest.mark.usefixtures("full_disk")
def test_without_room_it_keeps_what_it_had(tmp_path: Path) -> None:
    column = Column("Q", tmp_path)
    column.extend(array("Q", range(1000)))
    with pytest.raises(OutageError, match=str(tmp_path)):
        column.extend(array("Q", range(100_000)))
    assert len(column) == 1000
    assert list(column.cells[:1000]) == list(range(1000))
    column.close()


def test_refuses_integers_of_another_size() -> None:
    column = Column("Q", None)
    with pytest.raises(ValueError, match="structure"):
        column.extend(array("I", [1, 2]))
    assert not len(column)
    column.close()
