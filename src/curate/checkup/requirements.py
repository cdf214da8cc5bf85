"""What an installed distribution says it needs, read from its metadata."""

import ast
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution
from typing import NamedTuple

from curate.checkup.versions import satisfies

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?(?P<versions>[^;)@]*)\)?"
    r"(?:@[^;]*)?(?:;(?P<marker>.*))?"
)
_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_VERSIONS = {"python_version", "python_full_version", "implementation_version"}


class Requirement(NamedTuple):
    """A package that is needed, the versions that do, and the extra it belongs to, if any."""

    name: str
    versions: str
    extra: str = ""


def requirements(distribution: Distribution) -> Iterator[Requirement]:
    """Yield what a distribution needs on this machine: of itself, then extra by extra."""
    for extra in ("", *extras(distribution)):
        for text in distribution.requires or ():
            match = _REQUIREMENT.fullmatch(text)
            if match is None:
                continue
            marker = match["marker"]
            always = marker is None or applies(marker, "")
            added = bool(extra) and not always and applies(marker, extra)
            if added or (always and not extra):
                yield Requirement(match["name"], match["versions"].strip(), extra)


def extras(distribution: Distribution) -> list[str]:
    """Return the names of a distribution's extras, in the order it declares them."""
    return list(dict.fromkeys(distribution.metadata.get_all("Provides-Extra") or ()))


def applies(marker: str, extra: str) -> bool:
    """Say whether an environment marker (PEP 508) holds here when `extra` is asked for.

    A marker that cannot be read holds: a package too many is named rather than one too few.
    """
    try:
        return _holds(
            ast.parse(marker.strip(), mode="eval").body, _environment() | {"extra": extra}
        )
    except (SyntaxError, ValueError):
        return True


def _holds(node: ast.expr, values: Mapping[str, str]) -> bool:
    """Read a marker as the Python expression it also is; nothing of it is executed."""
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_holds(part, values) for part in parts)
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(_holds(part, values) for part in parts)
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _compare(left, sign, right, values)
    raise ValueError("no marker")


def _compare(left: ast.expr, sign: ast.cmpop, right: ast.expr, values: Mapping[str, str]) -> bool:
    one, other = _value(left, values), _value(right, values)
    if isinstance(sign, ast.In | ast.NotIn):
        return (one in other) is isinstance(sign, ast.In)
    spelt = _SIGNS[type(sign)]
    if isinstance(left, ast.Name) and left.id in _VERSIONS:
        return satisfies(one, spelt + other)
    if isinstance(right, ast.Name) and right.id in _VERSIONS:
        return satisfies(other, _FLIPPED.get(spelt, spelt) + one)
    return (one == other) is (spelt == "==")


def _value(node: ast.expr, values: Mapping[str, str]) -> str:
    match node:
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.Constant(value=str(value)):
            return value
    raise ValueError("no marker")


def _environment() -> dict[str, str]:
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }
