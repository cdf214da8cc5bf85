"""The figures of a report are those of the ledger, and what is sensitive is not in it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hostile_rows
from curate.errors import LedgerError
from curate.report import counting, gathering, hidden
from curate.report.card import card
from curate.report.gathering import gather
from curate.report.markdown import markdown
from curate.report.model import Report
from curate.report.page.document import document
from curate.visible import visible
from fake_runs import SECRET, facts, make_run, row, write_facts
from parsed_pages import check
from rewritten_runs import make

ANSWERS = st.sampled_from(["", "short", "y" * 60, "y" * 130, "sk-12345678", "sk-1 sk-2 sk-3"])
LINES = st.lists(
    st.one_of(
        st.builds(
            lambda answer, teacher, source: row("r", answer=answer, model=teacher, source=source),
            ANSWERS,
            st.sampled_from(["atlas", "corvid", ""]),
            st.sampled_from(["desk", ""]),
        ),
        st.sampled_from([b"not json\n", b"\n"]),
    ),
    max_size=30,
)
LENIENT = "input: {max_unreadable: 1}\n"
PLAN = LENIENT + "steps: [{use: secrets, do: drop}, {use: size, when: {at_least: 100}, do: flag}]"


def entries(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "ledger.jsonl").read_bytes().splitlines()]


@given(LINES)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_figure_is_counted_from_the_ledger(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    run = make_run(tmp_path_factory.mktemp("run"), lines, PLAN)
    report, told = gather(run), entries(run)
    assert report.counts["read"] == len(told)
    left = sum(each["by"] != "reader" if "by" in each else True for each in told)
    for step in report.steps:
        looks = [
            (look, each) for each in told for look in each["trail"] if look["step"] == step.name
        ]
        assert step.seen == len(looks)
        assert step.hits == sum(look["hit"] for look, _ in looks)
        scored = [look["score"] for look, _ in looks if look["score"] is not None]
        assert step.abstained == len(looks) - len(scored)
        if step.scores is None:
            assert not scored
        else:
            counts = {each.low: each.count for each in step.scores.bins}
            assert counts == dict(Counter(scored))
        reasons = Counter(look.get("reason", "") for look, _ in looks)
        reasons.pop("", None)
        assert {each.reason: each.records for each in step.reasons} == dict(reasons)
        left -= sum(each.get("by") == step.name for each in told)
        assert step.left == left
    assert report.quarantine == () or report.quarantine[0].records == sum(
        each["fate"] == "quarantined" for each in told
    )
    check_shares(report, run)


def check_shares(report: Report, run: Path) -> None:
    found: Counter[tuple[Any, Any, str]] = Counter()
    for name in ("kept", "dropped", "quarantined"):
        for line in (run / f"{name}.jsonl").read_bytes().splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                continue
            key = (told["source"] or None, told["model"] or None)
            found[*key, "read"] += 1
            found[*key, "kept"] += name == "kept"
    assert {(each.source, each.teacher, "read"): each.read for each in report.shares} | {
        (each.source, each.teacher, "kept"): each.kept for each in report.shares
    } == dict(found)


def test_a_report_is_the_same_every_time_and_survives_json(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row(f"r{n}", answer="y" * n) for n in range(150)])
    report = gather(run)
    assert report.model_dump_json() == gather(run).model_dump_json()
    again = Report.model_validate_json(report.model_dump_json())
    assert again == report
    assert document(again) == document(report)


def test_secrets_are_masked_unless_asked_for(tmp_path: Path) -> None:
    rows = [row("a", question=f"is {SECRET} mine?", answer="no"), row(SECRET, answer=SECRET)]
    run = make_run(tmp_path, rows)
    assert SECRET not in gather(run).model_dump_json()
    assert SECRET not in document(gather(run))
    assert SECRET in document(gather(run, unmask=True))
    assert not gather(run, unmask=True).masked


def test_a_name_that_holds_a_secret_is_counted_under_a_stand_in(tmp_path: Path) -> None:
    rows = [
        row("a", answer=f"I am {SECRET}", model=f"bot {SECRET}", source=SECRET),
        row("b", answer="harmless", model=f"bot {SECRET}", source="desk"),
        row("c", answer="y" * 130, model="atlas", source="desk"),
    ]
    run = make_run(tmp_path, rows)
    report = gather(run)
    for text in (report.model_dump_json(), document(report), markdown(report), card(report)):
        assert SECRET not in text
        assert "(masked)" in text.replace("\\", "")
    assert {(each.source, each.teacher): (each.read, each.kept) for each in report.shares} == {
        ("(masked)", "(masked)"): (1, 0),
        ("desk", "(masked)"): (1, 1),
        ("desk", "atlas"): (1, 1),
    }
    names = [each.name for each in gather(run, unmask=True).teachers()]
    assert sorted(map(str, names)) == ["atlas", f"bot {SECRET}"]


def test_where_too_many_names_are_hidden_none_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hidden, "MOST", 3)
    rows = [row(f"r{n}", answer=f"sk-{n:08}", model=f"sk-{n:08}") for n in range(9)]
    report = gather(make_run(tmp_path, [*rows, row("last", model="atlas")]))
    assert [each.teacher for each in report.shares] == ["(masked)"]


def test_a_text_that_a_sensitive_step_did_not_see_is_withheld(tmp_path: Path) -> None:
    plan = (
        LENIENT + "steps: [{use: size, when: {at_least: 30}, do: drop}, {use: secrets, do: drop}]"
    )
    unseen = f"{SECRET} is a key that a step before dropped"
    rows = [row("a", answer=unseen), row("b", answer="sk-12345678"), f"{SECRET}\n".encode()]
    run = make_run(tmp_path, rows, plan)
    report = gather(run)
    assert SECRET not in report.model_dump_json()
    (example,) = report.steps[0].examples
    assert (example.withheld, example.unseen_by) == (True, ("secrets",))
    told = "[withheld: `secrets` did not see it; put sensitive steps first, or --unmask]"
    assert check(document(report)).text.count(told) == 2
    assert document(gather(run, unmask=True)).count(SECRET) >= 2
    (seen,) = report.steps[1].examples
    assert not seen.withheld


def test_where_no_step_is_sensitive_every_text_is_shown(tmp_path: Path) -> None:
    plan = "steps: [{use: size, when: {at_least: 30}, do: drop}, {use: secrets, do: drop}]"
    (example,) = gather(make_run(tmp_path, [row("a", answer="y" * 50)], plan)).steps[0].examples
    assert not example.withheld
    assert example.passages


def test_a_text_with_more_secrets_than_are_listed_is_withheld(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("a", answer="sk-11111111 sk-22222222 sk-33333333")])
    (example,) = gather(run).steps[0].examples
    assert example.withheld
    assert not example.passages


def test_a_rewritten_record_has_both_texts_and_both_teachers(tmp_path: Path) -> None:
    rows = [row("a", answer="a bad answer", model="bad-1"), row("b", model="good-1")]
    run = make(tmp_path, {"c.jsonl": b"".join(rows)})
    report = gather(run)
    step = report.steps[1]
    assert step.rewriting is not None
    assert step.rewriting.outcomes["rewritten"] == report.rewritten == 1
    (example,) = step.examples
    versions = {each.version: "".join(p.text for p in each.pieces) for each in example.passages}
    assert versions == {"": "why?", "before": "a bad answer", "after": "a good answer"}
    shares = {each.teacher: (each.read, each.kept) for each in report.shares}
    assert shares == {"bad-1": (1, 0), "clean-1": (0, 1), "good-1": (1, 1)}


def test_huge_rows_do_not_make_a_huge_report(tmp_path: Path) -> None:
    long = "z" * 300_000
    rows = [
        row(f"{long}{n}", question=long, answer=long, model=long, source=long) for n in range(9)
    ]
    report = gather(make_run(tmp_path, rows))
    assert len(document(report)) < 100_000
    assert len(report.model_dump_json()) < 60_000


def test_many_names_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "NAMES", 10)
    monkeypatch.setattr(gathering, "SHARES", 4)
    rows = [row(f"r{n}", model=f"m{n}") for n in range(40)]
    report = gather(make_run(tmp_path, rows))
    assert len(report.shares) <= 5
    assert sum(each.read for each in report.shares) == 40
    assert sum(each.kept for each in report.shares) == 40


def test_examples_of_equal_rows_are_shown_once(tmp_path: Path) -> None:
    rows = [row("a", answer="sk-12345678")] * 9 + [row("b", answer="sk-87654321")]
    examples = gather(make_run(tmp_path, rows)).steps[0].examples
    assert [each.id for each in examples] == ["a", "b"]


def test_how_a_table_was_read_is_told(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("a")])
    told = facts(run)
    told["inputs"][0]["table"] = {
        "columns": {},
        "converted": [{"path": "at", "type": "timestamp[us]", "said": "text"}] * 60,
        "nulls": [{"path": "source", "nulls": 3, "of": 9}],
        "notes": ["read row by row"],
    }
    write_facts(run, told)
    (found,) = gather(run).inputs
    assert (len(found.converted), found.more, found.nulls) == (50, 10, (("source", 3, 9),))
    text = check(document(gather(run))).text
    assert "timestamp[us]" in text
    assert "read row by row" in text
    assert "And 10 more, in run.json." in text


def test_only_part_of_a_run_and_a_budget_are_told(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("a")])
    told = facts(run) | {"status": "over_budget", "over_budget": ["input"]}
    told["identity"]["limit"] = 1000
    write_facts(run, told)
    text = check(document(gather(run))).text
    assert "Only the first 1,000 lines of the inputs were read." in text
    assert "more went wrong than the plan allows, in input." in text


@pytest.mark.parametrize("damage", ["step", "counts"])
def test_a_run_that_is_damaged_is_said_and_no_bug(tmp_path: Path, damage: str) -> None:
    run = make_run(tmp_path, [row("a")])
    told = facts(run)
    if damage == "step":
        told["steps"][0]["name"] = "another"
    else:
        told["counts"] = {}
    write_facts(run, told)
    with pytest.raises(LedgerError, match="not what a run writes"):
        gather(run)


def test_hostile_rows_are_printable_in_every_text(tmp_path: Path) -> None:
    run = make_run(tmp_path, hostile_rows.rows(), PLAN)
    for text in texts(gather(run).model_dump()):
        assert text == visible(text)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    return (
        [text for each in value for text in texts(each)] if isinstance(value, list | tuple) else []
    )
