"""Rewriters: hits in, replacements out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from curate.api.filters import Verdict
from curate.api.plugins import Context, Plugin
from curate.records import Record


class Hit(NamedTuple):
    """A record to be rewritten, and why.

    `attempt` counts from 0: above it, what the rewriter gave before was refused (the new text was
    still a hit, or a guard refused it), and the same answer would be refused again.
    """

    record: Record
    verdict: Verdict
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Replacement:
    """New texts for some turns of a record.

    `turns` maps turn positions to new texts; other turns stay. `teacher` is who wrote them; None
    means that no other teacher did (a redaction), and the record's teacher stays. `finish` is
    `length` for a text known to be cut off. `evidence` is JSON and goes into the lineage: sampling
    parameters, where the text comes from. Never secrets. `gone` are the texts that were taken out:
    the run refuses a row that still has one of them outside its turns.
    """

    turns: Mapping[int, str]
    teacher: str | None = None
    finish: Literal["stop", "length"] = "stop"
    evidence: Mapping[str, Any] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No replacement, and none on a further attempt either. `reason` is a slug to be counted."""

    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


Rewrite = Callable[[Sequence[Hit]], Sequence[Replacement | GaveUp]]
"""Hits in, as many answers out, in the same order."""


class Rewriter(Plugin, ABC):
    """Writes other texts in place of hits. It proposes: whether a text is taken, the run decides.

    An outage is an `OutageError`, never a `GaveUp`.
    """

    timeout: ClassVar[float] = 600.0
    """Seconds one batch (at most one segment) may take before the plugin counts as hung."""
    concurrent: ClassVar[bool] = False
    """Whether it may be called from several threads at once: it waits for a service."""
    cumulative: ClassVar[bool] = False
    """Whether a further attempt begins where the last one ended.

    Then, above attempt 0, a hit carries the record as this rewriter proposed it and the verdict
    on that; otherwise it carries the original record and its verdict every time.
    """

    @abstractmethod
    def open(self, ctx: Context) -> AbstractContextManager[Rewrite]:
        """Load what rewriting needs and yield the function; release it on leaving."""
