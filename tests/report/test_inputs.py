"""What became of each input is in every kind of report, and no input is left out unsaid."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.ledger import FATES
from curate.report import files
from curate.report.gathering import gather
from curate.report.markdown import markdown
from curate.report.page import sources
from curate.report.page.document import document
from fake_runs import facts, row, write_facts
from parsed_pages import check
from rewritten_runs import make

PLAN = "input: {max_unreadable: 1}\nsteps: [{use: secrets, do: drop}]"
LINES = st.lists(
    st.sampled_from([row("good"), row("bad", answer="sk-12345678"), b"no json\n", b"\n"]),
    max_size=6,
)


@given(st.lists(LINES, min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_every_count_is_that_of_the_ledger(
    tmp_path_factory: pytest.TempPathFactory, inputs: list[list[bytes]]
) -> None:
    names = {f"{n}.jsonl": b"".join(lines) for n, lines in enumerate(inputs)}
    run = make(tmp_path_factory.mktemp("run"), names, PLAN)
    told = [json.loads(line) for line in (run / "ledger.jsonl").read_bytes().splitlines()]
    expected = Counter((each["file"], each["fate"]) for each in told)
    for found in gather(run).inputs:
        assert found.fates is not None
        fates = found.fates.model_dump()
        assert {fate: fates[fate] for fate in FATES} == {
            fate: expected[found.name, fate] for fate in FATES
        }
        assert fates["read"] == sum(fates[fate] for fate in FATES)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Three inputs: the second has most records, and loses half of them."""
    good, bad = row("a"), row("b", answer="sk-12345678")
    named = {"one.jsonl": good, "two.jsonl": good * 3 + bad * 3, "three.jsonl": good * 2 + b"no\n"}
    return make(tmp_path, named, PLAN)


def test_the_page_and_the_summary_tell_every_input(run: Path) -> None:
    report = gather(run)
    page = check(document(report))
    assert "What became of each input, most records first" in page.text
    texts = [text for around, text in page.texts if "tbody" in around]
    begins = [n for n, text in enumerate(texts) if text.endswith(".jsonl")][:3]
    assert [[Path(texts[n]).name, *texts[n + 1 : n + 6]] for n in begins] == [
        ["two.jsonl", "6", "3", "50.0 %", "3", "0"],
        ["three.jsonl", "3", "2", "66.7 %", "0", "1"],
        ["one.jsonl", "1", "1", "100.0 %", "0", "0"],
    ]
    assert counts(markdown(report)) == [
        ["1", "1", "1", "0", "0"],
        ["6", "6", "3", "3", "0"],
        ["3", "3", "2", "0", "1"],
    ]


def counts(summary: str) -> list[list[str]]:
    """The cells between name and hash, of each input."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in summary.splitlines()]
    return [line[1:6] for line in cells if line and line[0].endswith(".jsonl")]


def test_of_many_inputs_the_largest_are_told(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INPUTS", 2)
    report = gather(run)
    assert [Path(each.name).name for each in report.inputs] == ["two.jsonl", "three.jsonl"]
    assert report.inputs_left_out == 1
    assert "… and 1 more inputs" in markdown(report)
    monkeypatch.setattr(sources, "_SHOWN", 1)
    text = check(document(report)).text
    assert "… and 2 more, in run.json." in text
    assert "And 1 more inputs." in text


def test_the_balance_is_enough_for_one_input(tmp_path: Path) -> None:
    report = gather(make(tmp_path, {"one.jsonl": row("a")}, PLAN))
    assert "What became of each input" not in check(document(report)).text


def test_a_run_that_did_not_count_each_input_has_a_report(run: Path) -> None:
    told = facts(run)
    for each in told["inputs"]:
        for name in ("read", *FATES, "blank"):
            del each[name]
    write_facts(run, told)
    report = gather(run)
    assert {each.fates for each in report.inputs} == {None}
    assert "What became of each input" not in check(document(report)).text
    assert counts(markdown(report)) == [[lines, "", "", "", ""] for lines in "163"]
