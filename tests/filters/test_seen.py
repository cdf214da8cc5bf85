import hashlib
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.filters.seen import Seen

MOST = 1 << 30

few = st.sampled_from([number.to_bytes(16, "little") for number in range(40)])
crowded = st.integers(0, 30).map(lambda n: struct.pack("<QQ", 7 + (n % 3 << 10), n))
"""Signatures that share their first slot, some of them their whole first half."""


def signature(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()[:16]


@given(st.lists(st.one_of(few, crowded, st.binary(min_size=16, max_size=16))))
def test_answers_as_a_dict_that_keeps_the_first(signatures: list[bytes]) -> None:
    seen, first = Seen(MOST), {}
    for index, one in enumerate(signatures):
        assert seen.admit(one, index) == first.get(one)
        first.setdefault(one, index)
    assert len(seen) == len(first)


def test_keeps_every_answer_while_it_grows() -> None:
    seen, count = Seen(MOST), 20_000
    for number in range(count):
        assert seen.admit(signature(number), 3 * number) is None
    assert [seen.admit(signature(number), 0) for number in range(count)] == [
        3 * number for number in range(count)
    ]
    assert len(seen) == count


def test_indices_beyond_four_billion_are_kept() -> None:
    seen = Seen(MOST)
    seen.admit(signature(1), 1 << 40)
    assert seen.admit(signature(1), 2) == 1 << 40


@pytest.mark.parametrize("length", [0, 15, 17])
def test_refuses_another_length(length: int) -> None:
    with pytest.raises(struct.error):
        Seen(MOST).admit(b"x" * length, 0)


def test_takes_at_most_sixty_bytes_a_signature_even_while_it_grows() -> None:
    count = 1 << 17  # a table has just doubled: the worst moment
    signatures = [signature(number) for number in range(count)]
    tracemalloc.start()
    seen = Seen(MOST)
    for index, one in enumerate(signatures):
        seen.admit(one, index)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(seen) == count
    assert peak / count <= 60


def test_is_full_where_it_would_grow_beyond_what_is_kept_here() -> None:
    seen = Seen(300)
    for number in range(127):
        seen.admit(signature(number), number)
        assert not seen.full
    for number in range(255):
        seen.admit(signature(number), number)
    assert not seen.full
    seen.admit(signature(255), 255)
    assert seen.full
    assert list(seen) == [(signature(number), number) for number in range(256)]
