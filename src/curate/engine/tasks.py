"""A task: one stage of one segment, and what is known of its records so far."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from curate.api import CorpusFilter
from curate.engine.judging import Trouble
from curate.engine.parts import Rewritten
from curate.io.segments import Segment
from curate.records import View
from curate.registry import ReadyStep

Stage = range
"""Step numbers; the last one may be a corpus filter, which only signs here."""


def stages(steps: Sequence[ReadyStep], apart: Collection[str] = ()) -> list[Stage]:
    """Cut the steps after every corpus filter; there is always at least one stage.

    Args:
        steps: All steps of the plan.
        apart: Names of steps that get a stage of their own. Those before the last step that
            rewrites, and that one, share the first stage nevertheless: who wrote how much is
            counted there, and a new text is judged by every step up to its own.
    """
    cuts = {n + 1 for n, step in enumerate(steps) if isinstance(step.filter, CorpusFilter)}
    rewritten = max((n + 1 for n, step in enumerate(steps) if step.rewriting), default=0)
    own = [n for n, step in enumerate(steps) if step.name in apart]
    cuts |= {edge for n in own for edge in (n, n + 1) if edge >= rewritten}
    edges = [0, *sorted(cuts - {0, len(steps)}), len(steps)]
    return [range(low, high) for low, high in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Task:
    """One stage of one segment: `alive` says which of its records, None means all."""

    segment: Segment
    view: View
    steps: Stage
    alive: Sequence[int] | None = None
    dropped: frozenset[int] = frozenset()
    """Records in `alive` that are judged for the overlap only: an earlier step dropped them."""
    masks: Sequence[int] = ()
    """Which steps hit each record in `alive` so far (bit n = step n)."""
    cautious: bool = False
    """Judge one record at a time, so that the one that hangs or crashes can be told."""
    condemned: Mapping[tuple[int, int], Trouble] = field(default_factory=dict)
    """(step, record) -> why it must not be judged again."""
    rewritten: Mapping[int, Rewritten] = field(default_factory=dict)
    """Record -> the row that took its place in an earlier stage."""

    @property
    def is_first(self) -> bool:
        """Whether nothing is known of its records yet."""
        return self.alive is None

    @property
    def is_small(self) -> bool:
        """Whether it says where rows are, and carries none of them."""
        return self.segment.path is not None and not self.rewritten
