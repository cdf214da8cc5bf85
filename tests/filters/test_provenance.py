import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from curate.api import Context, Verdict
from curate.filters.provenance import Provenance
from curate.records import Record, Turn, View


class Texts:
    """A shape whose rows hold one text."""

    name = "texts"

    def turns(self, row: Mapping[str, Any]) -> tuple[Turn, ...]:
        return (Turn("assistant", row["text"]),)


def record(teacher: str | None = None, source: str | None = None) -> Record:
    view = View(
        Texts(), teacher=(("teacher",),), source=(("source",),), aliases={"GPT4": "gpt-4-0314"}
    )
    row = {"text": "Hello.", "teacher": teacher, "source": source}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", view)


CASES = [
    pytest.param({"teachers": ["gpt-4*"]}, "gpt-4-0314", "", "teacher_listed", id="glob"),
    pytest.param({"teachers": ["gpt-4*"]}, "GPT-4o", "", "teacher_listed", id="any-case"),
    pytest.param({"teachers": ["GPT-4-0314"]}, "GPT4", "", "teacher_listed", id="alias"),
    pytest.param({"teachers": ["gpt-4"]}, "gpt-4-0314", "", "", id="whole-name"),
    pytest.param({"teachers": ["a", "b"]}, "b", "", "teacher_listed", id="second-pattern"),
    pytest.param({"teachers": ["a"]}, None, "", None, id="unknown-abstains"),
    pytest.param({"unknown": True}, None, "", "teacher_unknown", id="unknown-hit"),
    pytest.param({"unknown": True}, "a", "", "", id="known"),
    pytest.param({"allow": ["llama*"]}, "Llama-2-7b", "", "", id="allowed"),
    pytest.param({"allow": ["llama*"]}, "gpt-4", "", "teacher_not_allowed", id="not-allowed"),
    pytest.param({"allow": ["llama*"]}, None, "", None, id="allow-abstains"),
    pytest.param(
        {"allow": ["llama*"], "unknown": True}, None, "", "teacher_unknown", id="allow-unknown"
    ),
    pytest.param(
        {"allow": ["*"], "teachers": ["gpt*"]}, "gpt-4", "", "teacher_listed", id="listed-first"
    ),
    pytest.param({"sources": ["reddit*"]}, "a", "reddit/2020", "source_listed", id="source"),
    pytest.param({"sources": ["reddit*"]}, "a", "wiki", "", id="other-source"),
    pytest.param({"sources": ["reddit*"]}, "a", None, None, id="source-abstains"),
    pytest.param({"sources": ["reddit*"]}, None, "wiki", "", id="teacher-not-asked"),
    pytest.param(
        {"teachers": ["b"], "sources": ["wiki"]}, None, "wiki", "source_listed", id="either"
    ),
]


@pytest.mark.parametrize(("options", "teacher", "source", "reason"), CASES)
def test_verdicts(
    options: dict[str, Any], teacher: str | None, source: str | None, reason: str | None
) -> None:
    """`reason` is the hit's; "" stands for no hit, None for an abstention."""
    filter_, one = Provenance(**options), record(teacher, source)
    verdict = filter_.judge(one)
    assert verdict.score == (None if reason is None else float(bool(reason)))
    if reason:
        evidence = {"teacher": one.teacher, "source": one.source}
        assert verdict == Verdict(1.0, reason, evidence)
        assert filter_.rule.hit(1.0)
    with filter_.open(Context()) as judge:
        assert judge([one, one]) == [verdict, verdict]


def test_an_abstention_says_what_is_unknown() -> None:
    assert Provenance(teachers=["a"]).judge(record()).reason == "teacher_unknown"
    assert Provenance(sources=["a"]).judge(record()).reason == "source_unknown"


@pytest.mark.parametrize("options", [{}, {"teachers": []}, {"unknown": False}], ids=str)
def test_refuses_to_ask_nothing(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="at least one of teachers, allow"):
        Provenance(**options)


@pytest.mark.parametrize("option", ["teachers", "allow", "sources"])
def test_refuses_an_empty_pattern(option: str) -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        Provenance(**{option: [""]})


def test_survives_pickling() -> None:
    filter_ = Provenance(teachers=["gpt-4*"], unknown=True)
    assert pickle.loads(pickle.dumps(filter_)) == filter_


def test_finds_every_row_of_one_teacher(data_dir: Any) -> None:
    view = View(Texts(), teacher=(("metadata", "teacher"),))
    names = ["gpt-4-0314", "zephyr-7b-beta"]
    rows = [
        Record(line, number, name, view)
        for name in names
        for number, line in enumerate(
            (data_dir / "corpora" / f"just_eval.{name}.jsonl").read_bytes().splitlines(), 1
        )
    ]
    with Provenance(teachers=["GPT-4*"]).open(Context()) as judge:
        hits = [row.file for row, verdict in zip(rows, judge(rows), strict=True) if verdict.score]
    assert hits == ["gpt-4-0314"] * 1000


@pytest.mark.parametrize(
    ("options", "selects"),
    [
        ({"sources": ["wiki"]}, True),
        ({"sources": ["wiki"], "teachers": ["a"]}, False),
        ({"sources": ["wiki"], "allow": ["a"]}, False),
        ({"sources": ["wiki"], "unknown": True}, False),
        ({"teachers": ["a"]}, False),
    ],
    ids=["sources", "teachers too", "allow too", "unknown too", "teachers"],
)
def test_only_selects_where_a_new_teacher_changes_nothing(
    options: dict[str, Any], selects: bool
) -> None:
    assert Provenance(**options).selects() is selects
