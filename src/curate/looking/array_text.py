"""A JSON array written again from its elements, a line each."""

from collections.abc import Iterable, Iterator

from curate.io.arrays import elements


def array_text(lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield an array that is read as the same lines, in pieces.

    Args:
        lines: What `io.arrays.elements` made of an array: an element a line, `\n` included. The
            last one may be what could not be split.
    """
    before, held = b"[\n", None
    for line in lines:
        if held is not None:
            yield before + held
            before = b",\n"
        held = line
    if held is None:
        yield b"[]\n"
    elif _is_element(held):
        yield before + held + b"]\n"
    else:  # it brings the delimiter before it, and no closing bracket
        yield held


def _is_element(line: bytes) -> bool:
    """Say whether a line stands between two delimiters, or brings one."""
    return line == b"\n" or list(elements(iter([b"[" + line + b"]"]), lambda _: None)) == [line]
