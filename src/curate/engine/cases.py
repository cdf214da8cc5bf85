"""A hit on its way to a new text: the case, its drafts, and how it ended."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curate.api import Replacement, Verdict
from curate.engine.authors import Authors
from curate.engine.judging import Trouble
from curate.engine.looks import Looked
from curate.engine.parts import Switched
from curate.records import Record


@dataclass(slots=True, eq=False)
class Case:
    """A hit on its way to a new text."""

    position: int
    """Of the record in its segment."""
    record: Record
    verdict: Verdict
    look: Looked
    mask: int
    """The steps that hit the record before."""
    draft: Record | None = None
    """What was proposed last, for a rewriter that goes on from there."""
    passes: list[dict[str, Any]] = field(default_factory=list)
    """What the rewriter said of each proposal it went on from."""
    gone: set[str] = field(default_factory=set)
    """What was taken out so far."""
    tries: int = 0
    failures: int = 0
    """Proposals that were refused and not gone on from."""
    refused: Counter[str] = field(default_factory=Counter)
    why: str = ""
    """Why the last proposal was not taken."""
    trouble: Trouble | None = None
    """What a plugin broke on, when it looked at a proposal."""

    def refuse(self, why: str) -> None:
        """Note that a proposal is not taken."""
        self.why = why
        self.refused[why] += 1
        self.failures += 1


@dataclass(frozen=True, slots=True)
class Taken:
    """A new text that stands."""

    record: Record
    authors: Authors
    is_unnamed: bool
    """Another teacher wrote it, and the row has no place for its name."""


@dataclass(frozen=True, slots=True)
class End:
    """What came of a case."""

    look: Looked
    facts: Mapping[str, Any]
    """What the ledger says."""
    taken: Taken | None = None

    def count(self, switched: Switched) -> None:
        """Enter it into the books."""
        switched.outcomes[self.facts["outcome"]] += 1
        switched.refused.update(self.facts.get("refused", {}))
        if reason := self.facts.get("reason"):
            switched.reasons[reason] += 1
        else:
            teacher = self.facts["teacher"]
            switched.teachers[teacher["from"], teacher["to"]] += 1
            switched.unnamed += self.taken is not None and self.taken.is_unnamed


@dataclass(slots=True, eq=False)
class Draft:
    """A proposal as a record, and what the steps said of it."""

    case: Case
    proposal: Replacement
    record: Record
    mask: int = 0
    again: list[dict[str, Any]] = field(default_factory=list)
    verdict: Verdict | None = None
    """Of the step that rewrites."""
    refused: bool = False

    def refuse(self, why: str) -> None:
        """Note that it is not taken."""
        self.refused = True
        self.case.refuse(why)
