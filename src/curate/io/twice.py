"""One thing under two names: its rows would be taken twice."""

import os
from collections.abc import Iterable
from pathlib import Path

from curate.errors import InputError

Identity = tuple[int, int] | str
"""What two names of one thing share: device and inode of a file, or the one URL of all it has."""


def on_disk(path: str | Path) -> Identity:
    """Return what all names of a file or folder of this machine share."""
    facts = os.stat(path)
    return facts.st_dev, facts.st_ino


def refuse_twice(named: Iterable[tuple[Identity, str]], kind: str, taken: str) -> None:
    """Refuse two names of one thing.

    Args:
        named: Of each, its identity and what messages call it.
        kind: What it is, for messages.
        taken: What would happen to its rows twice, for messages.

    Raises:
        InputError: two names have the same identity.
    """
    seen: dict[Identity, str] = {}
    for identity, name in named:
        if identity in seen:
            first = seen[identity]
            also = "is named twice" if first == name else f"and {first} are the same {kind}"
            raise InputError(f"{name}: {also}; every row would be {taken} twice")
        seen[identity] = name
