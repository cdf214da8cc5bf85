"""Replacing values inside a line of JSON without touching any other byte.

The line is never re-encoded: a scanner finds the bytes of a value, and new bytes take their
place. Key order, spacing, escapes and the spelling of numbers stay as they were. The scanner
expects a line that `records.decode` accepts and does not check it again.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import orjson

from curate.errors import NotARecord
from curate.records import Path

_SPACE = b" \t\n\r"
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},:]', re.DOTALL)
"""A string (skipped as a whole, so that nothing in it is taken for structure) or a structural byte.

The quantifiers are possessive: a string of 50 MB needs no memory for backtracking.
"""
_UNITS = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]++"
)
"""In a string: one escaped character (a surrogate pair is one), or a run that has no escapes."""


def replace(raw: bytes, edits: Iterable[tuple[Path, bytes]]) -> bytes:
    """Return `raw` with the value at each path replaced by the given JSON.

    Raises:
        NotARecord: a path leads nowhere.
        ValueError: one path lies inside another.
    """
    return splice(raw, ((*locate(raw, path), new) for path, new in edits))


def splice(raw: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Return `raw` with bytes `start` to `end` (half open) replaced, for each edit.

    Raises:
        ValueError: two edits overlap.
    """
    found = sorted(edits)
    if any(before[1] > after[0] for before, after in pairwise(found)):
        raise ValueError("edits overlap: one path lies inside another")
    pieces, at = [], 0
    for start, end, new in found:
        pieces += [raw[at:start], new]
        at = end
    return b"".join([*pieces, raw[at:]])


def find(raw: bytes, text: str) -> tuple[int, int] | None:
    """Return where the one string in `raw` that spells `text` begins and ends; None if unsure.

    Several times sooner than `locate`, and no proof: another value may be spelt as expected while
    the one that is meant is not. Who relies on it must read back what was changed.
    """
    for literal in (encode(text), b"" if text.isascii() else json.dumps(text).encode("ascii")):
        start = raw.find(literal) if literal else -1
        if start >= 0:
            alone = raw.find(literal, start + 1) < 0
            return (start, start + len(literal)) if alone else None
    return None


def locate(raw: bytes, path: Path) -> tuple[int, int]:
    """Return where the value at `path` begins and ends in `raw` (bytes, half open).

    Of duplicate keys the last one counts, as it does for parsers. Time is linear in the line for
    each step of the path; nesting of any depth is fine.

    Raises:
        NotARecord: the path leads nowhere.
    """
    start, end = _trim(raw, 0, len(raw))
    for depth, step in enumerate(path):
        child = _child(raw, start, step)
        if child is None:
            raise NotARecord(f"no value at {'.'.join(map(str, path[: depth + 1]))}")
        start, end = child.start, child.end
    return start, end


def encode(text: str) -> bytes:
    """Return `text` as a JSON string: UTF-8, or ASCII escapes where it holds lone surrogates."""
    try:
        return orjson.dumps(text)
    except orjson.JSONEncodeError:
        return json.dumps(text).encode("ascii")


def inside(literal: bytes, start: int, end: int, text: str) -> bytes:
    """Return a JSON string with its characters `start` to `end` (half open) replaced by `text`."""
    first, last = _offset(literal, start), _offset(literal, end)
    return literal[:first] + encode(text)[1:-1] + literal[last:]


class _Child(NamedTuple):
    key: bytes | None
    start: int
    end: int


def _child(raw: bytes, at: int, step: str | int) -> _Child | None:
    opening = raw[at : at + 1]
    if isinstance(step, str) and opening == b"{":
        plain = json.dumps(step, ensure_ascii=False).encode("utf-8", "surrogatepass")
        members = [child for child in _children(raw, at) if _spells(child.key, step, plain)]
        return members[-1] if members else None
    if isinstance(step, int) and opening == b"[":
        items = list(_children(raw, at))
        return items[step] if -len(items) <= step < len(items) else None
    return None


def _children(raw: bytes, at: int) -> Iterator[_Child]:
    """Yield the members of the object, or the items of the array, that opens at `at`."""
    depth, key, start = 0, None, at + 1
    for token in _TOKEN.finditer(raw, start):
        mark = token[0]
        if mark in (b"{", b"["):
            depth += 1
        elif mark in (b"}", b"]"):
            depth -= 1
        if depth == 0 and mark == b":":
            key, start = raw[start : token.start()].strip(_SPACE), token.end()
        elif depth < 0 or (depth == 0 and mark == b","):
            child = _Child(key, *_trim(raw, start, token.start()))
            if child.start < child.end:
                yield child
            key, start = None, token.end()
        if depth < 0:
            return


def _spells(literal: bytes | None, key: str, plain: bytes) -> bool:
    if literal is None or b"\\" not in literal:
        return literal == plain
    return bool(json.loads(literal.decode("utf-8")) == key)


def _trim(raw: bytes, start: int, end: int) -> tuple[int, int]:
    while start < end and raw[start] in _SPACE:
        start += 1
    while start < end and raw[end - 1] in _SPACE:
        end -= 1
    return start, end


def _offset(literal: bytes, characters: int) -> int:
    """Return the position of character number `characters` in a JSON string, in bytes."""
    for unit in _UNITS.finditer(literal, 1, len(literal) - 1):
        if characters == 0:
            return unit.start()
        if literal[unit.start()] == ord("\\"):
            characters -= 1
            continue
        run = unit[0].decode("utf-8")
        if characters < len(run):
            return unit.start() + len(run[:characters].encode("utf-8"))
        characters -= len(run)
    return len(literal) - 1
