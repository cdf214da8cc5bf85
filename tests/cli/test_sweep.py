"""`curate sweep` as a user calls it."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import make_run, row


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n}", answer="y" * n) for n in range(200)]
    rows[150] = row("leaky", answer="sk-1")
    return make_run(tmp_path_factory.mktemp("sweep"), rows)


def test_thresholds_shares_and_examples_are_said(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(run), "--step", "size", "--at", "50", "--at", "150.5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[3:7]] == [
        ["at_least", "hits", "share", "change", "dropped", "now"],
        ["50", "149", "75.25%", "+50", "0"],
        ["*", "100", "99", "50.00%", "as", "run", "0"],
        ["150.5", "49", "24.75%", "-50", "0"],
    ]
    assert f"  hit     50  {run.parent}/c.jsonl:51  r50" in lines
    assert f"  no hit  49  {run.parent}/c.jsonl:50  r49" in lines


def test_json_is_one_object(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(run), "--step", "size", "-n", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["step"], found["rule"], found["do"]) == ("size", {"at_least": 100.0}, "flag")
    assert (found["scored"], found["abstained"], found["dropped_before"]) == (198, 1, 1)
    as_run = next(point for point in found["points"] if point["as_run"])
    assert (as_run["hits"], as_run["share"], as_run["hits_dropped"]) == (99, 0.5, 0)
    assert [example["id"] for example in as_run["inside"] + as_run["outside"]] == ["r100", "r99"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--step", "siez"], "did you mean 'size'?"),
        (["--step", "size", "--at", "0.1,0.9"], "give one number"),
        ([], "Missing option '--step'"),
    ],
    ids=["no such step", "a pair", "no step"],
)
def test_what_does_not_fit_is_an_error(
    run: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["sweep", str(run), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "--help"]) == 0
    assert "Example: curate sweep runs/first --step" in " ".join(capsys.readouterr().out.split())
