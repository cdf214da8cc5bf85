"""What a pack of patterns is, and two words to write one with."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from curate.api import Scope

Check = Callable[[str], bool]
"""Whether a match is what it looks like."""


@dataclass(frozen=True)
class Pack:
    """Patterns that answer one question about a record.

    A match of a pattern that has a check counts only if the check agrees. What is checked and
    reported is the group `value` where the pattern has one, else the whole match.
    """

    name: str
    version: str
    """Raise it whenever another record could match."""
    about: str
    """One line for the catalogue."""
    patterns: Mapping[str, str]
    """Name -> Python regular expression, in the order in which reasons are given."""
    scope: Scope = "assistant"
    flags: re.RegexFlag = re.NOFLAG
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Name of a pattern -> its check."""
    sensitive: bool = False
    """Whether a match is something that must not be shown unasked."""


def either(*alternatives: str) -> str:
    """Return a group that matches any of the alternatives."""
    return f"(?:{'|'.join(alternatives)})"


def words(listed: str) -> str:
    """Return a group that matches any of the comma-separated words or phrases."""
    return either(*listed.split(", "))
