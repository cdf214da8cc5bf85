import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from curate.api import Context, Rule
from curate.filters.length import Length
from curate.records import Record, Turn, View


class Turns:
    """A shape whose rows list [role, text] pairs."""

    name = "turns"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return tuple(Turn(role, text) for role, text in row["turns"])


def record(*turns: tuple[str, str]) -> Record:
    row = {"turns": turns}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", View(Turns()))


CHAT = record(
    ("system", "Be brief."),
    ("user", "Hi"),
    ("assistant", "One two\n\nthree"),
    ("user", "More"),
    ("assistant", "four"),
)


@pytest.mark.parametrize(
    ("unit", "scope", "length"),
    [
        ("characters", "assistant", 18),
        ("characters", "response", 4),
        ("characters", "conversation", 33),
        ("words", "assistant", 4),
        ("words", "prompt", 7),
        ("lines", "assistant", 3),
        ("lines", "system", 1),
        ("turns", "assistant", 2),
        ("turns", "conversation", 5),
        ("turns", "response", 1),
    ],
)
def test_scores_the_length_in_scope(unit: str, scope: str, length: int) -> None:
    filter_ = Length(unit=unit, scope=scope, max=1000)
    assert filter_.judge(CHAT).score == length


def test_nothing_in_scope_has_length_zero() -> None:
    assert Length(min=1, scope="response").judge(record(("user", "Hi"))).score == 0.0


@pytest.mark.parametrize(
    ("options", "hits"),
    [
        pytest.param({"min": 3}, [0, 1, 2], id="min"),
        pytest.param({"max": 3}, [4, 5, 6], id="max"),
        pytest.param({"max": 0}, [1, 2, 3, 4, 5, 6], id="nothing-allowed"),
        pytest.param({"min": 2, "max": 4}, [0, 1, 5, 6], id="both"),
        pytest.param({"min": 4, "max": 4}, [0, 1, 2, 3, 5, 6], id="exactly"),
    ],
)
def test_its_rule_hits_what_lies_outside(options: dict[str, int], hits: list[int]) -> None:
    filter_ = Length(**options)
    verdicts = [filter_.judge(record(("assistant", "x" * length))) for length in range(7)]
    rule = filter_.default_rule()
    assert [n for n, verdict in enumerate(verdicts) if rule.hit(verdict.score)] == hits
    assert [n for n, verdict in enumerate(verdicts) if verdict.reason] == hits


def test_the_rule_can_be_written_in_a_plan() -> None:
    for options in ({"min": 3}, {"max": 3}, {"min": 1, "max": 3}):
        rule = Length(**options).default_rule()
        assert Rule.model_validate_json(rule.model_dump_json()) == rule
        assert not math.isinf(sum(rule.outside or (0,)))


@pytest.mark.parametrize(
    ("text", "reason"), [("ab", "too_few_words"), ("a b", ""), ("a b c d", "too_many_words")]
)
def test_the_reason_names_the_side(text: str, reason: str) -> None:
    filter_ = Length(unit="words", min=2, max=3)
    assert filter_.judge(record(("assistant", text))).reason == reason


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({}, "needs min, max or both", id="no-limit"),
        pytest.param({"min": 5, "max": 4}, "min 5 is above max 4", id="wrong-order"),
        pytest.param({"min": 0}, "greater than or equal to 1", id="min-that-never-hits"),
        pytest.param({"max": 5, "unit": "bytes"}, "characters", id="unknown-unit"),
    ],
)
def test_refuses_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Length(**options)


def test_opens_to_a_judge_of_batches() -> None:
    with Length(min=2).open(Context()) as judge:
        assert [verdict.score for verdict in judge([CHAT, record(("assistant", "x"))])] == [18, 1]


def test_agrees_with_data_juicer_on_text_length(data_dir: Any) -> None:
    cases = json.loads((data_dir / "peer_cases" / "datajuicer_cases.json").read_text())
    tried = 0
    for case in cases:
        if case["op"] != "TextLengthFilter":
            continue
        filter_ = Length(min=case["kwargs"]["min_len"], max=case["kwargs"]["max_len"])
        for row in case["input"]:
            verdict = filter_.judge(record(("assistant", row["text"])))
            assert (row in case["expected"]) != filter_.default_rule().hit(verdict.score)
            tried += 1
    assert tried
