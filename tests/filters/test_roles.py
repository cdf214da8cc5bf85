import gzip
import json
import pickle
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.api import Verdict
from curate.filters.roles import RULES, Roles
from curate.io import shapes
from curate.records import Record, View

Message = dict[str, Any]


def record(row: Any, shape: str = "messages") -> Record:
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(shapes.get(shape)))


def violations(messages: list[Message], **options: Any) -> dict[str, list[int]]:
    verdict = Roles(**options).judge(record({"messages": messages}))
    found = verdict.evidence.get("violations", {})
    assert verdict.score == len(found)
    assert verdict.reason == next(iter(found), "")
    return found


def says(role: str, content: Any = "Hello.", **more: Any) -> Message:
    return {"role": role, "content": content, **more}


def calls(*arguments: Any, content: str | None = None) -> Message:
    functions = [{"name": "weather", "arguments": one} for one in arguments]
    return says("assistant", content, tool_calls=[{"function": one} for one in functions])


ASK, TELL, RESULT = says("user"), says("assistant"), says("tool", "12 degrees")
CALL = calls('{"city": "Ghent"}')
IMAGE = [{"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}}]
HERMES = says("assistant", '<tool_call>{"name": "weather", "arguments": {}}</tool_call>')
REACT = says("assistant", "I should look.\nAction: weather\nAction Input: Ghent")
ANTHROPIC = says(
    "user", [{"type": "tool_result", "content": "12 degrees"}, {"type": "text", "text": "And now?"}]
)

WELL_FORMED = {
    "one-turn-each": [ASK, TELL],
    "several": [ASK, TELL, ASK, TELL],
    "system-first": [says("system"), ASK, TELL],
    "empty-system": [says("system", ""), ASK, TELL],
    "two-systems-first": [says("system"), says("developer"), ASK, TELL],
    "tool": [ASK, CALL, RESULT, TELL],
    "words-and-call": [ASK, calls("{}", content="Let me look."), RESULT, TELL],
    "empty-words-and-call": [ASK, calls("{}", content=""), RESULT, TELL],
    "parallel-calls": [ASK, calls("{}", "{}"), RESULT, RESULT, TELL],
    "call-after-call": [ASK, CALL, RESULT, CALL, RESULT, TELL],
    "arguments-are-an-object": [ASK, calls({"city": "Ghent"}), RESULT, TELL],
    "no-arguments": [ASK, calls(None), RESULT, TELL],
    "empty-result": [ASK, CALL, says("tool", ""), TELL],
    "ends-with-a-call": [ASK, CALL],
    "call-in-words-hermes": [ASK, HERMES, RESULT, TELL],
    "call-in-words-react": [ASK, REACT, RESULT, TELL],
    "results-in-the-users-message": [ASK, CALL, ANTHROPIC, TELL],
    "image-without-words": [says("user", IMAGE), TELL],
    "image-with-empty-words": [says("user", [{"type": "text", "text": ""}, *IMAGE]), TELL],
}

BROKEN = {
    "no-response": ([ASK], {"no_response": [0], "ends_without_response": [0]}),
    "ends-with-user": ([ASK, TELL, ASK], {"ends_without_response": [2]}),
    "ends-with-result": ([ASK, CALL, RESULT], {"ends_without_response": [2]}),
    "two-users": ([ASK, ASK, TELL], {"not_alternating": [1]}),
    "two-assistants": ([ASK, TELL, TELL], {"not_alternating": [2]}),
    "assistant-first": ([says("system"), TELL, ASK, TELL], {"not_alternating": [1]}),
    "call-first": ([CALL, RESULT, TELL], {"not_alternating": [0]}),
    "late-system": ([ASK, says("system"), TELL], {"late_system": [1]}),
    "second-system-late": ([says("system"), ASK, says("system"), TELL], {"late_system": [2]}),
    "unknown-role": ([ASK, says("critic"), TELL], {"unknown_role": [1]}),
    "empty-user": ([says("user", ""), TELL], {"empty_turn": [0]}),
    "blank-assistant": ([ASK, says("assistant", " \n\t")], {"empty_turn": [1]}),
    "null-assistant": ([ASK, says("assistant", None)], {"empty_turn": [1]}),
    "empty-parts": ([says("user", [{"type": "text", "text": " "}]), TELL], {"empty_turn": [0]}),
    "arguments-cut-off": ([ASK, calls('{"city": "Gh'), RESULT, TELL], {"broken_tool_call": [1]}),
    "arguments-empty": ([ASK, calls(""), RESULT, TELL], {"broken_tool_call": [1]}),
    "arguments-encoded-twice": ([ASK, calls('"{}"'), RESULT, TELL], {"broken_tool_call": [1]}),
    "second-call-of-two": ([ASK, calls("{}", "{"), RESULT, TELL], {"broken_tool_call": [2]}),
    "arguments-too-deep": ([ASK, calls("[" * 10**5), RESULT, TELL], {"broken_tool_call": [1]}),
    "call-without-result": ([ASK, CALL, TELL], {"broken_tool_call": [1]}),
    "calls-without-results": ([ASK, calls("{}", "{}"), ASK, TELL], {"broken_tool_call": [1, 2]}),
    "result-without-call": ([ASK, TELL, RESULT, TELL], {"broken_tool_call": [2]}),
    "result-to-the-user": ([ASK, RESULT, TELL], {"broken_tool_call": [1]}),
    "result-after-the-answer": (
        [ASK, CALL, RESULT, TELL, RESULT, TELL],
        {"broken_tool_call": [4]},
    ),
}


@pytest.mark.parametrize("messages", WELL_FORMED.values(), ids=WELL_FORMED)
def test_well_formed(messages: list[Message]) -> None:
    assert violations(messages) == {}


@pytest.mark.parametrize(("messages", "expected"), BROKEN.values(), ids=BROKEN)
def test_broken(messages: list[Message], expected: dict[str, list[int]]) -> None:
    assert violations(messages) == expected


def test_every_rule_has_a_case() -> None:
    assert {rule for _, expected in BROKEN.values() for rule in expected} == set(RULES)


def test_the_reason_is_the_first_broken_rule() -> None:
    verdict = Roles().judge(record({"messages": [says("user", ""), says("critic")]}))
    assert (verdict.score, verdict.reason) == (4.0, "no_response")
    assert Roles.rule.hit(4.0)
    assert not Roles.rule.hit(0.0)


@pytest.mark.parametrize("rule", RULES)
def test_only_the_rules_that_are_asked_count(rule: str) -> None:
    for messages, expected in BROKEN.values():
        found = violations(messages, rules=[rule])
        assert found == {name: at for name, at in expected.items() if name == rule}


@pytest.mark.parametrize(
    ("row", "score"),
    [({"text": "Once upon a time."}, 0.0), ({"text": " "}, 1.0)],
    ids=["text", "blank"],
)
def test_pretraining_rows_have_no_roles(row: dict[str, str], score: float) -> None:
    assert Roles().judge(record(row, "text")).score == score


def test_a_preference_pair_ends_with_either_answer() -> None:
    row = {"prompt": "Name a colour.", "chosen": "Red.", "rejected": "Seven."}
    assert Roles().judge(record(row, "preference")) == Verdict(0.0)
    row["rejected"] = ""
    assert Roles().judge(record(row, "preference")).evidence == {"violations": {"empty_turn": [2]}}


@pytest.mark.parametrize(
    ("call", "sound"),
    [
        ('{"name": "weather", "arguments": {}}', True),
        ('{"name": "weather", "arguments": {', False),
        ("weather(city='Ghent')", True),
        ("", False),
    ],
    ids=["json", "cut-off", "another-notation", "empty"],
)
def test_a_call_that_is_one_text(call: str, sound: bool) -> None:
    said = zip(
        ("human", "function_call", "observation", "gpt"), ("Hi", call, "12", "12."), strict=True
    )
    row = {"conversations": [{"from": who, "value": what} for who, what in said]}
    assert (Roles().judge(record(row, "sharegpt")).score == 0.0) is sound


@given(
    st.lists(st.sampled_from([ASK, TELL, CALL, RESULT, says("system"), says("critic")]), min_size=1)
)
def test_positions_exist_and_scores_stay_in_range(messages: list[Message]) -> None:
    one = record({"messages": messages})
    verdict = Roles().judge(one)
    assert verdict.score is not None
    assert Roles.low <= verdict.score <= Roles.high
    for positions in verdict.evidence.get("violations", {}).values():
        assert positions == sorted(set(positions))
        assert all(0 <= position < len(one.turns) for position in positions)


def test_long_white_space_costs_no_more_than_its_length() -> None:
    talk = [ASK, says("assistant", "\n " * 10**6 + "x"), RESULT, TELL]
    assert violations(talk) == {"broken_tool_call": [2]}


@pytest.mark.parametrize("rules", [[], ["alternation"]], ids=["none", "misspelt"])
def test_refuses_rules_it_does_not_know(rules: list[str]) -> None:
    with pytest.raises(ValidationError, match="rules"):
        Roles(rules=rules)


def test_survives_pickling() -> None:
    filter_ = Roles(rules=["empty_turn"])
    assert pickle.loads(pickle.dumps(filter_)) == filter_


REAL = {
    "llamafactory/glaive_toolcall_en_demo.json": {},
    "llamafactory/reason_tool_use_demo_50.jsonl": {},
    "llamafactory/v1_sft_demo.jsonl": {},
    "llamafactory/v1_dpo_demo.jsonl": {},
    "llamafactory/dpo_en_demo.json": {},
    "llamafactory/kto_en_demo.json": {},
    "llamafactory/identity.json": {},
    "fastchat/dummy_conversation.json": {},
    "axolotl_fixtures/conversation.json": {},
    "axolotl_fixtures/conversation.missingturns.json": {"empty_turn": 1},
    "corpora/just_eval.gpt-4-0314.jsonl": {},
    "hh_rlhf/test.jsonl.gz": {"empty_turn": 4, "not_alternating": 8},
}
"""Rows that break each rule: all looked at by eye, and all broken."""


def rows_of(path: Path) -> list[Any]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".jsonl" in path.name:
        return [json.loads(line) for line in data.splitlines() if line.strip()]
    rows = json.loads(data)
    return rows if isinstance(rows, list) else [rows]


@pytest.mark.parametrize("name", REAL)
def test_real_corpora(data_dir: Path, name: str) -> None:
    rows = rows_of(data_dir / name)
    shape = shapes.detect(rows)
    assert shape is not None
    found = Counter(
        rule
        for row in rows
        for rule in Roles().judge(record(row, shape.name)).evidence.get("violations", {})
    )
    assert found == REAL[name]


def spoilt(turns: list[Message]) -> Iterator[tuple[str, list[Message]]]:
    """Yield (the rule it breaks, the conversation) for faults planted in a tool conversation."""
    at = next(n for n, turn in enumerate(turns) if turn["from"] == "function_call")
    yield "broken_tool_call", turns[: at + 1] + turns[at + 2 :]
    yield "broken_tool_call", turns[:at] + turns[at + 1 :]
    cut = {**turns[at], "value": turns[at]["value"][:-1]}
    yield "broken_tool_call", [*turns[:at], cut, *turns[at + 1 :]]
    yield "not_alternating", [turns[0], *turns]
    yield "not_alternating", turns[1:]
    yield "ends_without_response", turns[:-1]
    yield "late_system", [turns[0], {"from": "system", "value": "Be brief."}, *turns[1:]]
    yield "unknown_role", [*turns, {"from": "critic", "value": "Good."}]
    yield "empty_turn", [{**turns[0], "value": " "}, *turns[1:]]
    yield "no_response", turns[:1]


def test_faults_planted_in_real_tool_conversations_are_found(data_dir: Path) -> None:
    rows = rows_of(data_dir / "llamafactory/glaive_toolcall_en_demo.json")
    talks = [row["conversations"] for row in rows]
    with_tools = [talk for talk in talks if any(turn["from"] == "function_call" for turn in talk)]
    assert len(with_tools) == 153
    for talk in with_tools:
        for rule, turns in spoilt(talk):
            verdict = Roles().judge(record({"conversations": turns}, "sharegpt"))
            assert rule in verdict.evidence["violations"], (rule, turns)
