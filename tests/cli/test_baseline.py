"""`curate baseline` as a user types it."""

from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import row
from gate.gates import BROKEN_ROW, CLEAN, corpus

PLAN = "steps: [{use: regex, name: secrets, with: {pack: secrets, scope: conversation}}]\n"
LEAK = row("leak", answer="the key is AKIAIOSFODNN7EXAMPLD indeed")
OTHER = row("other", answer="the key is AKIAIOSFODNN7EXAMPLD too")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(PLAN)
    corpus(tmp_path, CLEAN, LEAK)
    return tmp_path


def baseline(*more: str, output: str = "known.json") -> int:
    given = ["c.jsonl", "--plan", "plan.yaml", "--workers", "1", "--output", output]
    return main(["baseline", *given, *more])


def test_it_is_written_once(here: Path, capsys: pytest.CaptureFixture[str]):
    assert baseline() == 0
    assert capsys.readouterr().out == "accepted: 1 finding; written to known.json\n"
    before = (here / "known.json").read_bytes()
    assert baseline() == 2
    assert "--update" in capsys.readouterr().err
    assert (here / "known.json").read_bytes() == before
    assert baseline("--update") == 0
    assert (here / "known.json").read_bytes() == before


def test_an_update_says_what_it_adds_and_removes(here: Path, capsys: pytest.CaptureFixture[str]):
    assert baseline() == 0
    corpus(here, OTHER, OTHER, CLEAN)
    capsys.readouterr()
    assert baseline("--update") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[:2]] == ["added: c.jsonl", "removed: c.jsonl"]
    assert lines[0].endswith("(2 rows)")
    assert lines[2] == "accepted: 2 findings, 1 before; written to known.json"


def test_a_policy_says_what_is_accepted(here: Path, capsys: pytest.CaptureFixture[str]):
    (here / "policy.yaml").write_text("version: 1\nrules: [hits.secrets <= 1, kept >= 5]\n")
    assert baseline("--policy", "policy.yaml") == 0
    out = capsys.readouterr().out
    assert "accepted: 0 findings" in out
    assert "no row can be accepted for it: kept >= 5: 2 rows" in out


def test_what_could_not_be_judged_is_not_accepted(here: Path, capsys):
    corpus(here, LEAK, BROKEN_ROW)
    assert baseline() == 3
    assert "could not be judged" in capsys.readouterr().err
    assert not (here / "known.json").exists()


def test_it_does_not_write_over_a_target(here: Path):
    before = (here / "c.jsonl").read_bytes()
    assert baseline("--update", output="c.jsonl") == 2
    assert (here / "c.jsonl").read_bytes() == before


@pytest.mark.parametrize("output", ["run/kept.jsonl", "run/new.json"])
def test_it_is_not_written_into_a_run(here: Path, capsys, output: str):
    assert main(["run", "plan.yaml", "c.jsonl", "--out", "run", "--workers", "1"]) == 0
    before = (here / "run/kept.jsonl").read_bytes()
    assert main(["baseline", "run", "--update", "--output", output]) == 2
    assert "is in the run run" in capsys.readouterr().err
    assert (here / "run/kept.jsonl").read_bytes() == before
    assert not (here / "run/new.json").exists()
