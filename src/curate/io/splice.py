"""Replacing values inside a line of JSON without touching any other byte.

The line is never re-encoded: a scanner finds the bytes of a value, and new bytes take their
place. Key order, spacing, escapes and the spelling of numbers stay as they were. The scanner
expects a line that `records.decode` accepts and does not check it again.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

Edit = tuple[Path, bytes]
"""A path, and the JSON that takes the place of the value there."""


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

    Of duplicate keys the last one counts, as it does for parsers. Nesting of any depth is fine.

    Raises:
        NotARecord: the path leads nowhere.
    """
    return places(raw, [path])[path]


def places(raw: bytes, paths: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return what `locate` does, for many paths in one go.

    Time is linear in the line for each step of the longest path, however many paths there are.

    Raises:
        NotARecord: a path leads nowhere.
    """
    found: dict[Path, tuple[int, int]] = {}
    _descend(raw, _trim(raw, 0, len(raw)), list(paths), 0, found)
    return found


def encode(text: str) -> bytes:
    """Return `text` as a JSON string: UTF-8, or ASCII escapes where it holds lone surrogates."""
    try:
        return orjson.dumps(text)
    except orjson.JSONEncodeError:
        return json.dumps(text).encode("ascii")


def inside(literal: bytes, edits: Sequence[tuple[int, int, str]]) -> bytes:
    """Return a JSON string with its characters `start` to `end` (half open) replaced by each text.

    Raises:
        ValueError: two edits overlap.
    """
    at = _offsets(literal, {character for edit in edits for character in edit[:2]})
    return splice(literal, ((at[start], at[end], encode(new)[1:-1]) for start, end, new in edits))


class _Child(NamedTuple):
    key: bytes | None
    start: int
    end: int


def _descend(
    raw: bytes,
    place: tuple[int, int],
    paths: Iterable[Path],
    depth: int,
    found: dict[Path, tuple[int, int]],
) -> None:
    """Find the values of `paths`, whose first `depth` steps lead to the value at `place`."""
    deeper: dict[str | int, list[Path]] = {}
    for path in paths:
        if len(path) == depth:
            found[path] = place
        else:
            deeper.setdefault(path[depth], []).append(path)
    children = _members(raw, place[0], deeper) if deeper else {}
    for step, ways in deeper.items():
        if step not in children:
            raise NotARecord(f"no value at {'.'.join(map(str, ways[0][: depth + 1]))}")
        _descend(raw, children[step], ways, depth + 1, found)


def _members(raw: bytes, at: int, steps: Collection[str | int]) -> dict[str | int, tuple[int, int]]:
    """Return where those of `steps` end that the object or array that opens at `at` has."""
    opening = raw[at : at + 1]
    if opening == b"{":
        spelt = {_plain(step): step for step in steps if isinstance(step, str)}
        named = ((_name(child.key, spelt), child) for child in _children(raw, at))
        return {name: (child.start, child.end) for name, child in named if name is not None}
    if opening == b"[":
        items = list(_children(raw, at))
        within = (s for s in steps if isinstance(s, int) and -len(items) <= s < len(items))
        return {step: (items[step].start, items[step].end) for step in within}
    return {}


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


def _plain(key: str) -> bytes:
    return json.dumps(key, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _name(literal: bytes | None, spelt: Mapping[bytes, str]) -> str | None:
    """Return the one of `spelt` that `literal` says, or None."""
    if literal is not None and b"\\" in literal:
        literal = _plain(json.loads(literal.decode("utf-8")))
    return spelt.get(literal or b"")


def _trim(raw: bytes, start: int, end: int) -> tuple[int, int]:
    while start < end and raw[start] in _SPACE:
        start += 1
    while start < end and raw[end - 1] in _SPACE:
        end -= 1
    return start, end


def _offsets(literal: bytes, characters: Iterable[int]) -> dict[int, int]:
    """Return the position in bytes of each of some characters of a JSON string, in one pass."""
    wanted = sorted(characters, reverse=True)
    found, seen = {}, 0
    for unit in _UNITS.finditer(literal, 1, len(literal) - 1):
        if not wanted:
            break
        at, offset = seen, unit.start()
        run = "?" if literal[offset] == ord("\\") else unit[0].decode("utf-8")
        while wanted and wanted[-1] < seen + len(run):
            character = wanted.pop()
            offset += len(run[at - seen : character - seen].encode("utf-8"))
            found[character], at = offset, character
        seen += len(run)
    return found | dict.fromkeys(wanted, len(literal) - 1)
