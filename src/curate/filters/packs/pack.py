"""What a pack of patterns is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from curate.api import Scope

Check = Callable[[str], bool]
"""Whether a match is what it looks like. It is given group 1, or the match if there are none."""


@dataclass(frozen=True)
class Pack:
    """Patterns that answer one question about a record.

    `version` rises whenever another record could match. `about` is one line for the catalogue.
    A match of a pattern that has a check counts only if the check agrees.
    """

    name: str
    version: str
    about: str
    patterns: Mapping[str, str]
    """Name -> Python regular expression, in the order in which reasons are given."""
    scope: Scope = "assistant"
    flags: re.RegexFlag = re.NOFLAG
    checks: Mapping[str, Check] = field(default_factory=dict)
    """Name of a pattern -> its check."""
    sensitive: bool = False
    """Whether a match is something that must not be shown unasked."""
