"""A pattern's outline: a simpler pattern that matches wherever the original matches.

An outline knows characters, repeats, choices and the edges of a text or line. What it cannot say
it leaves out in the safe direction: look-arounds and word boundaries are dropped, back-references
become any text, a Unicode class becomes its ASCII part plus every character beyond ASCII (so it
does not depend on whose Unicode tables are newer), ignored case is spelt out. An outline therefore
never misses a match of the original; it may promise one that is not there.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_IGNORECASE, _MULTILINE, _DOTALL = (int(f) for f in (re.IGNORECASE, re.MULTILINE, re.DOTALL))
_BEYOND_ASCII = r"\x{80}-\x{10FFFF}"

_ASCII = {
    "CATEGORY_DIGIT": ("0-9", "0-9"),
    "CATEGORY_NOT_DIGIT": (r"\x00-/:-\x7F", r"\x00-/:-\x7F"),
    "CATEGORY_SPACE": (r"\t-\r\x1C-\x20", r"\t-\r\x20"),
    "CATEGORY_NOT_SPACE": (r"\x00-\x08\x0E-\x1F!-\x7F", r"\x00-\x08\x0E-\x1B!-\x7F"),
    "CATEGORY_WORD": ("0-9A-Z_a-z", "0-9A-Z_a-z"),
    "CATEGORY_NOT_WORD": (r"\x00-/:-@\[-^`{-\x7F", r"\x00-/:-@\[-^`{-\x7F"),
}
"""Class -> its ASCII members at most (any flag) and at least (any flag), as RE2 writes them."""

_FEW = 16
"""A range of at most this many characters counts as naming them."""

_EDGES = {
    "AT_BEGINNING_STRING": r"\A",
    "AT_END": r"(?m:$)",  # `re` lets `$` match before a last newline; at any line's end covers it
    "AT_END_STRING": r"\z",
}


class Chars(NamedTuple):
    """One character out of a set: `members` is the set as an RE2 class without its brackets.

    `few` lists the characters where the pattern names them one by one, else it is None.
    """

    members: str
    few: str | None = None


class Repeat(NamedTuple):
    """`body`, `low` to `high` times; no upper bound where `high` is None."""

    body: "Outline"
    low: int
    high: int | None


class Choice(NamedTuple):
    """One of the branches."""

    branches: "tuple[Outline, ...]"


class Edge(NamedTuple):
    """A place without width, as RE2 writes it."""

    anchor: str


Node = Chars | Repeat | Choice | Edge
Outline = tuple[Node, ...]
"""Nodes one after the other."""

_ANY = Chars(r"\x00-\x{10FFFF}")
_ANY_TEXT = Repeat((_ANY,), 0, None)


def outline(pattern: re.Pattern[str]) -> Outline:
    """Return the outline of a compiled pattern."""
    return _sequence(_parser.parse(pattern.pattern, pattern.flags), pattern.flags)


def _sequence(tree: Iterable[tuple[object, Any]], flags: int) -> Outline:
    return tuple(node for op, value in tree for node in _nodes(str(op), value, flags))


def _nodes(op: str, value: Any, flags: int) -> Iterator[Node]:
    match op:
        case "LITERAL":
            yield _item(op, value, flags & _IGNORECASE)
        case "NOT_LITERAL":
            yield _excluded([("LITERAL", value)], flags)
        case "IN":
            negated = str(value[0][0]) == "NEGATE"
            yield _excluded(value[1:], flags) if negated else _included(value, flags)
        case "ANY":
            yield _ANY if flags & _DOTALL else Chars(r"^\n")
        case "AT":
            yield from _edge(str(value), flags)
        case "BRANCH":
            yield Choice(tuple(_sequence(branch, flags) for branch in value[1]))
        case "SUBPATTERN":
            _, added, removed, body = value
            yield from _sequence(body, (flags | added) & ~removed)
        case "ATOMIC_GROUP":
            yield from _sequence(value, flags)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, body = value
            bounded = str(high) != "MAXREPEAT"
            yield Repeat(_sequence(body, flags), low, high if bounded else None)
        case "GROUPREF_EXISTS":
            _, met, unmet = value
            yield Choice((_sequence(met, flags), _sequence(unmet or (), flags)))
        case "ASSERT" | "ASSERT_NOT":
            return
        case _:  # a back-reference, or what a later Python adds
            yield _ANY_TEXT


def _edge(at: str, flags: int) -> Iterator[Edge]:
    if at == "AT_BEGINNING":
        yield Edge("(?m:^)" if flags & _MULTILINE else r"\A")
    elif at in _EDGES:
        yield Edge(_EDGES[at])


def _included(items: Iterable[tuple[object, Any]], flags: int) -> Chars:
    """A set of characters, at its largest."""
    parts = [_item(str(op), value, flags & _IGNORECASE) for op, value in items]
    named = [part.few for part in parts if part.few is not None]
    members = "".join(part.members for part in parts)
    return Chars(members, "".join(named) if len(named) == len(parts) else None)


@cache
def _item(op: str, value: Any, ignore_case: int) -> Chars:
    if op == "CATEGORY":
        return Chars(_ASCII[str(value)][0] + _BEYOND_ASCII)
    low, high = value if op == "RANGE" else (value, value)
    others = _other_cases(low, high) if ignore_case else ""
    members = _range(low, high) + "".join(map(_escape, map(ord, others)))
    named = "".join(map(chr, range(low, high + 1))) + others if high - low < _FEW else None
    return Chars(members, named)


def _excluded(items: Iterable[tuple[object, Any]], flags: int) -> Chars:
    """All characters but a set of them, the set at its smallest.

    Where case is ignored, `re` fails to exclude characters beyond the first plane.
    """
    last = 0xFFFF if flags & _IGNORECASE else 0x10FFFF
    members = ""
    for op, value in items:
        if str(op) == "CATEGORY":
            members += _ASCII[str(value)][1]
        else:
            low, high = value if str(op) == "RANGE" else (value, value)
            members += _range(low, high) if high <= last else ""
    return Chars("^" + members) if members else _ANY


def _range(low: int, high: int) -> str:
    return _escape(low) if low == high else f"{_escape(low)}-{_escape(high)}"


def _escape(code: int) -> str:
    char = chr(code)
    return char if char.isascii() and char.isalnum() else rf"\x{{{code:X}}}"


def _other_cases(low: int, high: int) -> str:
    """What `re` takes, case ignored, for a character from `low` to `high`; found by asking `re`."""
    asked = f"[{re.escape(chr(low))}-{re.escape(chr(high))}]"
    same = re.findall(asked, _cased(), re.IGNORECASE)
    return "".join(char for char in same if not low <= ord(char) <= high)


@cache
def _cased() -> str:
    """Every character that has case; none lies beyond the second plane."""
    plane = map(chr, range(0x20000))
    return "".join(char for char in plane if char.lower() != char or char.upper() != char)
