"""`roles`: is the conversation well formed for training?"""

import json
import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import ClassVar, Literal, get_args

from pydantic import Field

from curate.api import Record, RecordFilter, Rule, Verdict
from curate.records import Path, Turn

RoleRule = Literal[
    "no_response",
    "ends_without_response",
    "empty_turn",
    "not_alternating",
    "late_system",
    "unknown_role",
    "broken_tool_call",
]
RULES: tuple[RoleRule, ...] = get_args(RoleRule)

_ROLES = {"system", "user", "assistant", "tool", "tool_call", "rejected"}
_RESPONSES = {"assistant", "tool_call"}
_WELL_FORMED = Verdict(0.0)


class Roles(RecordFilter):
    """Scores how many of the rules a conversation breaks; one is a hit.

    - `no_response`: nothing the assistant says or calls.
    - `ends_without_response`: the last turn is the user's, a tool's or the system's.
    - `empty_turn`: the user or the assistant says nothing but white space (and calls no tool).
    - `not_alternating`: two user or two assistant turns in a row, or the assistant speaks first.
    - `late_system`: a system turn after another's.
    - `unknown_role`: a role that is none of those `curate.records.Turn` names.
    - `broken_tool_call`: arguments that are not a JSON object, a result nobody called for, or a
      call without a result though the conversation goes on.

    The reason is the first broken rule in this order; the evidence gives for each broken rule the
    positions of the turns that break it. Pre-training rows (shape `text`) have no roles: only
    `empty_turn` looks at them.

        steps:
          - use: roles
            with: {rules: [no_response, empty_turn, broken_tool_call]}
            do: drop
    """

    name: ClassVar[str] = "roles"
    high: ClassVar[float] = float(len(RULES))
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    rules: list[RoleRule] = Field(
        default=list(RULES), description="what to look for", min_length=1
    )

    def judge(self, record: Record) -> Verdict:
        """Judge one record."""
        turns = record.turns
        plain = record.view.shape.name == "text"
        violations = {}
        for rule in RULES:
            if rule in self.rules and (not plain or rule == "empty_turn"):
                positions = _BROKEN_BY[rule](turns)
                if positions:
                    violations[rule] = positions
        if not violations:
            return _WELL_FORMED
        return Verdict(float(len(violations)), next(iter(violations)), {"violations": violations})
