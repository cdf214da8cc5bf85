"""Where segments end: after so many lines, or with the line that makes them so many bytes."""

from collections.abc import Iterable, Iterator


def cut(blocks: Iterable[bytes], lines: int, size: int) -> Iterator[tuple[bytes, int]]:
    r"""Yield (bytes, lines in them): the bytes of `blocks`, cut behind line ends (`\n`).

    Each has `lines` lines, or the fewest that make `size` bytes; the last one may have less and
    end without a line end. How the bytes are spread over `blocks` makes no difference.
    """
    held: list[memoryview] = []
    length = count = 0
    for block in blocks:
        view, start = memoryview(block), 0
        while True:
            end, found = _end(block, start, lines - count, size - length)
            count += found
            if not end:
                break
            held.append(view[start:end])
            yield b"".join(held), count
            held.clear()
            length, count, start = 0, 0, end
        held.append(view[start:])
        length += len(block) - start
    if length:
        data = b"".join(held)
        yield data, count + (not data.endswith(b"\n"))


def pack(rows: Iterable[bytes], lines: int, size: int) -> Iterator[tuple[bytes, int]]:
    """Yield (bytes, lines in them): `rows`, each one line, put together by the same two limits."""
    held: list[bytes] = []
    length = 0
    for row in rows:
        held.append(row)
        length += len(row)
        if len(held) == lines or length >= size:
            yield b"".join(held), len(held)
            held.clear()
            length = 0
    if held:
        yield b"".join(held), len(held)


def _end(block: bytes, start: int, lines: int, size: int) -> tuple[int, int]:
    """Return where in `block` a segment ends (0: not in it) and the line ends before that."""
    end, enough = start, start + size
    for count in range(1, lines + 1):
        end = block.find(b"\n", end) + 1
        if not end:
            return 0, count - 1
        if end >= enough:
            return end, count
    return end, lines
