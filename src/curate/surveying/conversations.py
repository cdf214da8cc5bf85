"""How conversations are built: who speaks after whom, and where that is not well formed."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curate.api import Judge
from curate.records import Record
from curate.surveying.names import Counts, Names
from curate.surveying.spread import Spread, spread

_SHOWN = 8
"""Roles of a conversation that tell it from others; what follows is an ellipsis."""


@dataclass(frozen=True, slots=True)
class Conversations:
    """Conversations by the roles in them.

    `broken` has the rules of the filter `roles`: name -> rows that break it.
    """

    sequences: Counts
    turns: Spread | None
    tool_calls: int
    """Rows in which a tool is called."""
    system_prompts: int
    """Rows with a system turn."""
    broken: Mapping[str, int]


class ConversationTally:
    """Counts records by the roles of their turns; memory: 4 bytes a record.

    Args:
        judge: That of the filter `roles`.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._sequences = Names()
        self._turns: array[int] = array("I")
        self._tool_calls = self._system_prompts = 0
        self._broken: Counter[str] = Counter()

    def add(self, records: Sequence[Record]) -> None:
        """Count records."""
        for record, verdict in zip(records, self._judge(records), strict=True):
            roles = [turn.role for turn in record.turns]
            self._turns.append(len(roles))
            self._tool_calls += "tool_call" in roles
            self._system_prompts += "system" in roles
            shown = [role[:40] for role in roles[:_SHOWN]]
            self._sequences.add(" ".join([*shown, "…"] if len(roles) > _SHOWN else shown))
            self._broken.update(dict.fromkeys(verdict.evidence.get("violations", ()), 1))

    def conversations(self) -> Conversations:
        """Return what was counted so far."""
        return Conversations(
            sequences=self._sequences.counts(),
            turns=spread(self._turns),
            tool_calls=self._tool_calls,
            system_prompts=self._system_prompts,
            broken=dict(sorted(self._broken.items())),
        )
