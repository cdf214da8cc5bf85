"""Are the files of a run what it wrote, and do its books balance? Checked from the files alone.

One pass: every ledger entry is held against its row, every tally of `run.json` against the
entries, and every file against its hash. Memory does not grow with the run.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from curate import ledger
from curate.errors import LedgerError
from curate.ledger import FATES, LEDGER, OUTPUTS, READER, ROWS, RUN, Entry, Fate
from curate.looking import thresholds
from curate.records import Unreadable, digest

SHOWN = 20
"""How many problems are told one by one."""


class Problem(NamedTuple):
    """Something that is not as it was written; `place` is `file` or `file:line` in the run."""

    place: str
    what: str


@dataclass(slots=True)
class Verified:
    """What the check found."""

    entries: int = 0
    bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """Fate -> entries."""
    problems: list[Problem] = field(default_factory=list)
    """The first `SHOWN` of them."""
    found: int = 0
    """How many problems there are."""

    def report(self, place: str, what: str) -> None:
        """Take down a problem."""
        self.found += 1
        if self.found <= SHOWN:
            self.problems.append(Problem(place, what))
