"""`curate audit residue` as a user types it."""

import json
import random
from pathlib import Path

import pytest

import mild_world as world
from curate.cli import main
from fake_runs import row

PLAN = """
steps:
  - use: cues
    with: {cues: {awful: {pattern: awful}, so: {pattern: so awful}}}
    when: {at_least: 2}
    do: drop
  - {use: regex, with: {pack: secrets}, do: flag}
"""
SECRET = "AKIAQZ7H2MWB4KX6TNRD"
STUDENT = ["--student", "{use: ngram, with: {words: 2000}}", "--seeds", "4"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that dropped 40 hits and kept 60 mild rows, a secret in one of these; the card."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    lines, clean, rng = [], [], random.Random(0)
    for each in world.rows({"hit": 40, "mild": 60, "plain": 140}):
        asked, said = each.original
        more = f" {rng.choice('abcdefgh')}{rng.randrange(50)}"
        secret = f" {SECRET}" if each.key == "mild 0" else ""
        question = asked.content + more
        lines.append(
            row(each.key.replace(" ", "-"), question, said.content + secret, teacher="loud")
        )
        clean.append(row(each.key, question, "it is pleasant , yes", teacher="clean"))
    Path("c.jsonl").write_bytes(b"".join(lines))
    Path("clean.jsonl").write_bytes(b"".join(clean))
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    world.card(tmp_path)
    assert main(["run", "plan.yaml", "c.jsonl", "--out", "run"]) == 0
    return tmp_path


def _audit(*arguments: str) -> int:
    return main(["audit", "residue", "run", *arguments])


def test_without_students_the_ledger_and_the_words_are_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert _audit() == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "25 to 50 %           60" in out
    assert "Kept rows that read most like dropped ones" in out
    assert "dose-response: --card CARD --student NAME trains" in out


def test_secrets_in_kept_rows_are_masked_unless_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _audit("-n", "60") == 0
    assert SECRET not in capsys.readouterr().out
    assert _audit("-n", "60", "--unmask") == 0
    assert SECRET in capsys.readouterr().out


def test_students_with_fewer_mild_rows_say_what_these_explain(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    arguments = ["--card", "dreadful.yaml", "--index", "clean.jsonl", *STUDENT]
    assert _audit(*arguments, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    trained = told["trained"]
    assert trained["grade"] == "dreadful"
    assert trained["mild"] == 60
    assert trained["response"]["word"] == "explained"
    assert trained["response"]["slope"]["scores"][1] > 0
    assert told["not_tested"] == {}
    assert _audit(*arguments) == 0
    out = capsys.readouterr().out
    assert "exploratory: 4 paired students of each arm" in out
    assert "explained: without hits and mild rows" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (STUDENT, "--student needs --card"),
        (["--step", "cue"], "the run has no step 'cue'; did you mean 'cues'?"),
        (
            ["--card", "dreadful.yaml", *STUDENT, "--index", "none"],
            "a clean teacher answered 0 of the 240",
        ),
        (["--card", "refusals"], "refusal"),
    ],
)
def test_a_wrong_command_exits_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert _audit(*arguments) == 2
    assert told in capsys.readouterr().err
