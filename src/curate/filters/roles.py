"""`roles`: is the conversation well formed for training?"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, ClassVar, Literal, get_args

from pydantic import Field

from curate.api import Record, RecordFilter, Rule, Verdict
from curate.records import dig

RoleRule = Literal[
    "no_response",
    "ends_without_response",
    "not_alternating",
    "late_system",
    "unknown_role",
    "empty_turn",
    "broken_tool_call",
]
RULES: tuple[RoleRule, ...] = get_args(RoleRule)

_ROLES = {"system", "user", "assistant", "tool", "tool_call", "rejected"}
_BY_ASSISTANT = {"assistant", "tool_call"}
_WELL_FORMED = Verdict(0.0)

_CALL_IN_WORDS = re.compile(r"[<{\[(]|^[ \t]*action\b", re.IGNORECASE | re.MULTILINE)
"""What every way to write a tool call into an answer has: a bracket, or a line of ReAct."""

_Roles = tuple[str, ...]
_Violations = dict[RoleRule, list[int]]


class Roles(RecordFilter):
    """Scores how many of the rules a conversation breaks; one is a hit.

    - `no_response`: nothing the assistant says or calls.
    - `ends_without_response`: the last turn is the user's, a tool's or the system's.
    - `not_alternating`: two user or two assistant turns in a row, or the assistant speaks first.
    - `late_system`: a system turn after one of another role.
    - `unknown_role`: a role that is none of those `curate.records.Turn` names.
    - `empty_turn`: user or assistant says nothing but white space, calls no tool, shows no image.
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

    rules: list[RoleRule] = Field(default=list(RULES), description="what counts", min_length=1)

    def judge(self, record: Record) -> Verdict:
        """Judge one record."""
        roles = tuple([turn.role for turn in record.turns])
        broken: _Violations = {"empty_turn": _empty_turns(record)}
        if record.view.shape.name != "text":
            broken.update(_broken_by_roles(roles))
            if "tool" in roles or "tool_call" in roles:
                broken["broken_tool_call"] = _broken_tool_calls(record, roles)
        violations = {
            rule: broken[rule] for rule in RULES if rule in self.rules and broken.get(rule)
        }
        if not violations:
            return _WELL_FORMED
        return Verdict(float(len(violations)), next(iter(violations)), {"violations": violations})


@lru_cache(maxsize=4096)  # a corpus has few different sequences of roles
def _broken_by_roles(roles: _Roles) -> Mapping[RoleRule, list[int]]:
    return {rule: positions for rule, find in _BY_ROLES.items() if (positions := find(roles))}


def _no_response(roles: _Roles) -> list[int]:
    return [len(roles) - 1] if _BY_ASSISTANT.isdisjoint(roles) else []


def _ends_without_response(roles: _Roles) -> list[int]:
    return [] if roles[-1] in _BY_ASSISTANT or roles[-1] == "rejected" else [len(roles) - 1]


def _not_alternating(roles: _Roles) -> list[int]:
    talk = [(n, role) for n, role in enumerate(roles) if role not in ("system", "rejected")]
    first = [n for n, role in talk[:1] if role in _BY_ASSISTANT]
    return first + [
        n
        for (_, before), (n, role) in pairwise(talk)
        if role == before and role in ("user", "assistant")
    ]


def _late_system(roles: _Roles) -> list[int]:
    positions = [n for n, role in enumerate(roles) if role == "system"]
    return [n for expected, n in enumerate(positions) if n != expected]


def _unknown_role(roles: _Roles) -> list[int]:
    return [n for n, role in enumerate(roles) if role not in _ROLES]


_BY_ROLES: dict[RoleRule, Callable[[_Roles], list[int]]] = {
    "no_response": _no_response,
    "ends_without_response": _ends_without_response,
    "not_alternating": _not_alternating,
    "late_system": _late_system,
    "unknown_role": _unknown_role,
}


def _empty_turns(record: Record) -> list[int]:
    """Return the blank turns, save of the system and of tools, which may well say nothing."""
    blank = [n for n, turn in enumerate(record.turns) if not turn.text or turn.text.isspace()]
    return [
        n
        for n in blank
        if record.turns[n].role in ("user", "assistant", "rejected")
        and not _has_more_than_text(record, n)
    ]


def _has_more_than_text(record: Record, position: int) -> bool:
    """Say whether the turn's message holds a tool call, a tool's result, an image or the like."""
    turn, *following = record.turns[position : position + 2]
    if any((turn.role, after.role) in _SAME_MESSAGE for after in following):
        return True
    path = turn.path
    above = path[: path.index("content")] if "content" in path else path
    parts = dig(record.row, (*above, "content"))
    return isinstance(parts, list) and any(
        isinstance(part, dict) and part.get("type", "text") != "text" for part in parts
    )


_SAME_MESSAGE = {("assistant", "tool_call"), ("user", "tool")}
"""Roles of one message: what is said stands before the calls and the results in it."""


def _broken_tool_calls(record: Record, roles: _Roles) -> list[int]:
    calls = [n for n, role in enumerate(roles) if role == "tool_call"]
    unreadable = [n for n in calls if not _is_readable(dig(record.row, record.turns[n].path))]
    return sorted({*unreadable, *_unpaired(record, roles)})


def _unpaired(record: Record, roles: _Roles) -> list[int]:
    """Return the calls without a result before the conversation goes on, and results uncalled for.

    Several calls may stand before several results. A result may also follow an answer that has
    the call in its words, as Hermes and ReAct write it.
    """
    unpaired: list[int] = []
    waiting: list[int] = []
    called = False
    for n, role in enumerate(roles):
        if role == "tool_call":
            waiting.append(n)
            called = True
        elif role == "tool":
            waiting.clear()
            if not called:
                unpaired.append(n)
        elif role in ("user", "assistant") and roles[n : n + 2] != ("user", "tool"):
            unpaired += waiting
            waiting.clear()
            called = role == "assistant" and bool(_CALL_IN_WORDS.search(record.turns[n].text))
    return unpaired


def _is_readable(call: Any) -> bool:
    """Say whether the arguments of a call, as the row holds it, are a JSON object.

    A call may also be one text; where that looks like JSON it must be JSON.
    """
    if isinstance(call, dict):
        inner = call.get("function", call)
        arguments = inner.get("arguments") if isinstance(inner, dict) else None
        return not isinstance(arguments, str) or isinstance(_from_json(arguments), dict)
    if isinstance(call, str) and call.lstrip()[:1] in ("{", "["):
        return _from_json(call) is not None
    return isinstance(call, str) and call.strip() != ""


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
