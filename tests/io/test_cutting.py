from hypothesis import given
from hypothesis import strategies as st

from curate.io.cutting import cut, pack

TEXTS = st.lists(
    st.sampled_from([b"\n", b"\r\n", b"a", b'{"k": 1}', b"\xff\xfe", b"\0", b"long " * 9])
).map(b"".join)


def split_lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def by_hand(data: bytes, lines: int, size: int) -> list[tuple[bytes, int]]:
    """The definition, line by line."""
    cuts: list[list[bytes]] = [[]]
    for line in split_lines(data):
        if len(cuts[-1]) == lines or sum(map(len, cuts[-1])) >= size:
            cuts.append([])
        cuts[-1].append(line)
    return [(b"".join(held), len(held)) for held in cuts if held]


def in_blocks(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [*pieces, data]


@given(TEXTS, st.lists(st.integers(0, 30)), st.integers(1, 8), st.integers(1, 60))
def test_cuts_depend_on_content_alone(data, sizes, lines, size):
    assert list(cut(in_blocks(data, sizes), lines, size)) == by_hand(data, lines, size)


@given(TEXTS, st.integers(1, 8), st.integers(1, 60))
def test_packing_lines_is_cutting_them(data, lines, size):
    assert list(pack(split_lines(data), lines, size)) == by_hand(data, lines, size)


def test_a_line_longer_than_many_blocks_is_one_piece():
    line = b"x" * 1000 + b"\n"
    blocks = in_blocks(b"a\n" + line + b"b\n", [7] * 150)
    assert list(cut(blocks, lines=10, size=100)) == [(b"a\n" + line, 2), (b"b\n", 1)]
