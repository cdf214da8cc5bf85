"""Names of a corpus as a plan may hold them: always in quotes, always in ASCII, always one line.

A teacher may be called `no`, `x: y # z` or something with a newline in it. JSON's way to write a
text is YAML too, and the same words can stand in a comment.
"""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from curate.surveying.names import LONGEST

_PLAIN = re.compile(r"[a-z][a-z_]*(?:[-.][a-z_]+)*")
_WORDS = {"null", "true", "false"}
_SHORT = 3
"""A longer list has a line for each of its items."""
_WIDTH = 100


def quoted(name: str) -> str:
    """Return a name in quotes."""
    return json.dumps(name)


def can_stand(name: str) -> bool:
    """Say whether a plan can hold the name: whole, and in UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return len(name) < LONGEST


def pattern(name: str) -> str:
    """Return the pattern of `provenance` that only this name is like."""
    return re.sub(r"([*?\[])", r"[\1]", name)


def argument(name: str) -> str:
    """Return a name as one types it in a shell; `CORPUS` where it cannot be typed."""
    return shlex.quote(name) if name.isprintable() else "CORPUS"


def options(given: Mapping[str, Any], indent: str) -> list[str]:
    """Return the options of a step as lines of YAML."""
    line = f"{indent}with: {flow(given)}"
    if len(line) <= _WIDTH and all(_is_short(value) for value in given.values()):
        return [line]
    lines = [f"{indent}with:"]
    for key, value in given.items():
        if _is_short(value):
            lines.append(f"{indent}  {key}: {flow(value)}")
        else:
            lines += [f"{indent}  {key}:", *(f"{indent}    - {quoted(item)}" for item in value)]
    return lines


def _is_short(value: Any) -> bool:
    return not isinstance(value, list) or len(value) <= _SHORT


def flow(value: Any) -> str:
    """Return a value of mappings, lists of names, texts and numbers as YAML on one line."""
    match value:
        case str():
            is_word = _PLAIN.fullmatch(value) and value not in _WORDS
            return value if is_word else quoted(value)
        case Mapping():
            inner = ", ".join(f"{key}: {flow(each)}" for key, each in value.items())
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(map(quoted, value))}]"
    return json.dumps(value)
