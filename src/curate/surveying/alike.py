"""Names that look like one teacher written in several ways.

Two names are alike when nothing but case, punctuation, a provider in front (`openai/gpt-4`) or a
date behind an undated name (`teacher-b-2026-04`) sets them apart. Two dated names are not: they may
well be two models.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

_DATE = re.compile(r"[-_@: ]?20\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?$")
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Alike:
    """The name with the most rows, and the others that may mean the same."""

    name: str
    others: tuple[str, ...]


def alike(rows: Mapping[str, int]) -> tuple[Alike, ...]:
    """Return the groups of names that are alike.

    Args:
        rows: Name -> how many rows bear it.
    """
    plain = {_plain(name) for name in rows}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in rows:
        undated = _plain(_DATE.sub("", name))
        key = undated if undated in plain else _plain(name)
        if key:
            groups[key].append(name)
    found = []
    for names in groups.values():
        if len(names) > 1:
            first, *others = sorted(names, key=lambda name: (-rows[name], name))
            found.append(Alike(first, tuple(others)))
    return tuple(sorted(found, key=lambda group: group.name))


def _plain(name: str) -> str:
    return _BETWEEN.sub("", name.rpartition("/")[2].casefold())
