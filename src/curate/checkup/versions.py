"""Does a version fit a specifier? The part of PEP 440 that bounds of released versions need."""

import operator
import re
from collections.abc import Callable, Mapping

_VERSION = re.compile(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)([^+]*)", re.IGNORECASE)
_CLAUSE = re.compile(r"(===|~=|==|!=|<=|>=|<|>)\s*(\S+)")
_EARLY = re.compile(r"[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview|dev)", re.IGNORECASE)

Key = tuple[int, tuple[int, ...], int]
"""Epoch, release numbers without zeros at the end, and -1 before, 0 at, 1 after the release."""

_ORDERED: Mapping[str, Callable[[Key, Key], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    # By PEP 440 neither 6.0rc1 is below 6.0, nor 6.0.post1 above it.
    "<": lambda version, bound: version[:2] < bound[:2],
    ">": lambda version, bound: version[:2] > bound[:2],
}


def satisfies(version: str, specifiers: str) -> bool:
    """Say whether a version fits every clause of, say, `>=2.6,<3`; a pre-release may.

    It is exact where the bounds are released versions. What cannot be read as a version or a clause
    does not fit.
    """
    clauses = [clause.strip() for clause in specifiers.split(",") if clause.strip()]
    return all(_fits(version, clause) for clause in clauses)


def _fits(version: str, clause: str) -> bool:
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return False
    sign, bound = match.groups()
    if sign == "===":
        return version == bound
    if bound.endswith(".*"):
        return _begins(version, bound.removesuffix(".*")) is (sign == "==")
    if sign == "~=":
        return _fits(version, f">={bound}") and _begins(version, bound.rpartition(".")[0])
    keys = _key(version), _key(bound)
    return keys[0] is not None and keys[1] is not None and _ORDERED[sign](keys[0], keys[1])


def _begins(version: str, prefix: str) -> bool:
    """Say whether the release numbers of a version begin with those of a prefix."""
    one, other = _VERSION.match(version), _VERSION.match(prefix)
    if one is None or other is None:
        return False
    wanted = _numbers(other[2])
    have = (*_numbers(one[2]), *[0] * len(wanted))
    return int(one[1] or 0) == int(other[1] or 0) and have[: len(wanted)] == wanted


def _key(version: str) -> Key | None:
    match = _VERSION.match(version)
    if match is None:
        return None
    numbers = _numbers(match[2])
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    rank = -1 if _EARLY.match(match[3]) else 1 if match[3] else 0
    return int(match[1] or 0), numbers, rank


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))
