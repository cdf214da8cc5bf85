"""`curate stale` as a hook calls it."""

import json
import shutil
from pathlib import Path

import pytest

from curate.cli import main
from docs.blocks import ROOT


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Path:
    """A folder with the first example, what its plan keeps, and the run that says so."""
    shutil.copytree(ROOT / "examples" / "first", tmp_path / "first")
    monkeypatch.chdir(tmp_path)
    arguments = ["first/plan.yaml", "first/corpus.jsonl", "--workers", "1", "--out", "run"]
    assert main(["run", *arguments]) == 0
    shutil.copy("run/kept.jsonl", "filtered.jsonl")
    capsys.readouterr()
    return tmp_path


FILES = ["filtered.jsonl", "first/corpus.jsonl"]
STALE = ["stale", *FILES, "--plan", "first/plan.yaml", "--workers", "1"]


def test_up_to_date_both_ways(repository: Path, capsys):
    assert main(STALE) == 0
    assert capsys.readouterr().out == (
        "filtered.jsonl: is what first/plan.yaml keeps, 85 rows (run again)\n"
    )
    assert main([*STALE, "--run", "run"]) == 0
    assert "by the hashes of a finished run" in capsys.readouterr().out


def test_another_plan_makes_it_stale_and_says_what_to_do(repository: Path, capsys):
    plan = repository / "first" / "plan.yaml"
    plan.write_text(plan.read_text().replace("min: 3", "min: 30"))
    for more in ([], ["--run", "run"]):
        assert main([*STALE, *more]) == 1
        told = capsys.readouterr().out
        assert told.startswith("filtered.jsonl: stale: line ")
        assert "`curate run first/plan.yaml first/corpus.jsonl --out RUN`" in told


def test_json(repository: Path, capsys):
    assert main([*STALE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "file": "filtered.jsonl", "ran": True, "rows": 85, "line": None, "stale": False,
        "over_budget": [],
    }  # fmt: skip


def test_a_damaged_corpus_keeps_nothing_and_vouches_for_no_empty_file(repository: Path, capsys):
    (repository / "damaged.jsonl").write_text("no JSON\n" * 3)
    (repository / "empty.jsonl").touch()
    (repository / "plan.yaml").write_text("steps: []\n")
    arguments = ["empty.jsonl", "damaged.jsonl", "--plan", "plan.yaml", "--workers", "1"]
    assert main(["stale", *arguments]) == 3
    assert capsys.readouterr().out.splitlines()[-1] == "NOT CLEAN: over budget: input"
    assert main(["run", "plan.yaml", "damaged.jsonl", "--workers", "1", "--out", "bad"]) == 3
    capsys.readouterr()
    assert main(["stale", *arguments, "--run", "bad", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["over_budget"] == ["input"]
    assert not told["ran"]


def test_what_is_wrong_with_the_command_is_not_called_stale(repository: Path, capsys):
    assert main(["stale", "gone.jsonl", *STALE[2:]]) == 2
    assert "gone.jsonl: no such file" in capsys.readouterr().err
