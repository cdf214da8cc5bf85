import hashlib
import struct
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.errors import OutageError
from curate.filters.spilled.seen import SeenInFile

few = st.sampled_from([number.to_bytes(16, "little") for number in range(40)])
crowded = st.integers(0, 30).map(lambda n: struct.pack("<QQ", (n % 3 << 32) + 7, n // 2))
"""Signatures that share their first 32 bits, some of them their first or last half."""


def signature(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()[:16]


@given(st.lists(st.one_of(few, crowded, st.binary(min_size=16, max_size=16))))
def test_answers_as_a_dict_that_keeps_the_first(signatures: list[bytes]) -> None:
    seen, first = SeenInFile(None), {}
    for index, one in enumerate(signatures):
        assert seen.admit(one, index) == first.get(one)
        first.setdefault(one, index)
    assert len(seen) == len(first)
    seen.close()


def test_keeps_every_answer_while_it_grows() -> None:
    seen, many = SeenInFile(None), 20_000
    for number in range(many):
        assert seen.admit(signature(number), 3 * number) is None
    assert [seen.admit(signature(number), 0) for number in range(many)] == [
        3 * number for number in range(many)
    ]
    assert len(seen) == many
    seen.close()


def test_indices_beyond_four_billion_are_kept() -> None:
    seen = SeenInFile(None)
    seen.admit(signature(1), 1 << 40)
    assert seen.admit(signature(1), 2) == 1 << 40
    seen.close()


@pytest.mark.parametrize("length", [0, 15, 17])
def test_refuses_another_length(length: int) -> None:
    seen = SeenInFile(None)
    with pytest.raises(struct.error):
        seen.admit(b"x" * length, 0)
    seen.close()


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_names_the_folder_and_leaves_what_was_admitted(tmp_path: Path) -> None:
    seen = SeenInFile(tmp_path)
    rest = (seen.admit(signature(number), number) for number in count())
    with pytest.raises(OutageError, match=f"{tmp_path}.*make room"):
        any(rest)
    assert len(seen) > 1000
    assert all(seen.admit(signature(number), 0) == number for number in range(len(seen)))
    seen.close()
