"""`curate gate` as a user types it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import row
from gate.gates import BROKEN_ROW, CLEAN, corpus

PLAN = "steps: [{use: regex, name: secrets, with: {pack: secrets, scope: conversation}}]\n"
KEY = "AKIAIOSFODNN7EXAMPLD"
LEAK = row("leak", answer=f"the key is {KEY} indeed")
POLICY = "version: 1\nrules:\n - hits.secrets == 0\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "policy.yaml").write_text(POLICY)
    corpus(tmp_path, CLEAN, CLEAN, name="clean.jsonl")
    corpus(tmp_path, CLEAN, LEAK, name="leak.jsonl")
    return tmp_path


def gate(*arguments: str) -> int:
    return main(["gate", *arguments, "--plan", "plan.yaml", "--workers", "1"])


def test_a_clean_corpus_passes(here: Path, capsys: pytest.CaptureFixture[str]):
    assert gate("clean.jsonl", "--policy", "policy.yaml") == 0
    assert capsys.readouterr().out == (
        "corpus clean.jsonl\n"
        "read 2 = kept 2 + dropped 0 + quarantined 0\n"
        "\n"
        "ok  read >= 1          2 rows\n"
        "ok  hits.secrets == 0  0 rows\n"
        "passed: 2 rules (exit 0)\n"
    )


def test_a_leak_fails(here: Path, capsys: pytest.CaptureFixture[str]):
    assert gate("leak.jsonl") == 1
    out = capsys.readouterr().out
    assert out.startswith("error  leak.jsonl:2  secrets: aws-access-key")
    assert KEY not in out
    assert out.endswith(
        "failed: 1 of 2 rules (exit 1)\n"
        "no step may hit without a policy; --policy FILE says what may, see curate gate --help\n"
    )
    assert gate("leak.jsonl", "--policy", "policy.yaml") == 1
    assert "without a policy" not in capsys.readouterr().out


def test_unmasked_it_is_shown(here: Path, capsys: pytest.CaptureFixture[str]):
    assert gate("leak.jsonl", "--unmask") == 1
    assert KEY in capsys.readouterr().out


def test_a_broken_row_is_incomplete(here: Path):
    corpus(here, LEAK, BROKEN_ROW, name="broken.jsonl")
    assert gate("broken.jsonl") == 3


def test_a_run_directory(here: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["run", "plan.yaml", "leak.jsonl", "--out", "run", "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["gate", "run", "--policy", "policy.yaml"]) == 1
    assert "error  leak.jsonl:2  secrets" in capsys.readouterr().out
    shutil.copytree("run", "bad")
    Path("bad/ledger.jsonl").write_bytes(b"{}\n")
    assert main(["gate", "bad"]) == 3


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_a_format_is_printed_alone(here: Path, capsys: pytest.CaptureFixture[str], name: str):
    assert gate("leak.jsonl", "--format", name) == 1
    json.loads(capsys.readouterr().out)


def test_a_format_goes_to_a_file_and_the_text_is_printed(
    here: Path, capsys: pytest.CaptureFixture[str]
):
    assert gate("leak.jsonl", "--format", "sarif", "--output", "out.sarif") == 1
    assert len(json.loads((here / "out.sarif").read_text())["runs"][0]["results"]) == 1
    assert capsys.readouterr().out.startswith("error  leak.jsonl:2")


def test_github_gets_a_summary(here: Path, monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary.md"))
    (here / "summary.md").write_text("# before\n")
    assert gate("leak.jsonl", "--format", "github") == 1
    assert capsys.readouterr().out.startswith("::error file=leak.jsonl,line=2,")
    summary = (here / "summary.md").read_text()
    assert summary.startswith("# before\n## ❌ curate gate")
    assert gate("leak.jsonl") == 1
    assert (here / "summary.md").read_text() == summary


def test_only_new_findings_fail(here: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["leak.jsonl", "--plan", "plan.yaml", "--workers", "1"]
    assert main(["baseline", *arguments, "--output", "known.json"]) == 0
    assert gate("leak.jsonl", "--baseline", "known.json") == 0
    assert gate("clean.jsonl", "--baseline", "known.json") == 0
    assert "stale in the baseline: leak.jsonl" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["clean.jsonl", "--policy", "no.yaml"], "no.yaml"),
        (["clean.jsonl", "--policy", "bad.yaml"], "bad.yaml:3:4: hits.secret: no step 'secret'"),
        (["clean.jsonl", "--baseline", "plan.yaml"], "not a baseline"),
        (["clean.jsonl", "--output", "clean.jsonl"], "is a target"),
        (["clean.jsonl", "--output", "no/where.txt"], "its folder is not there"),
        (["."], "is a folder"),
        ([], "Missing argument"),
        (["clean.jsonl", "--format", "xml"], "xml"),
    ],
)
def test_a_wrong_command_exits_2(here: Path, capsys, arguments: list[str], told: str):
    (here / "bad.yaml").write_text("version: 1\nrules:\n - hits.secret == 0\n")
    assert gate(*arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["*.jsonl", "--output", "clean.jsonl"],
        ["leak.jsonl", "--output", "linked.txt"],
        ["run", "--output", "run/kept.jsonl"],
        ["run", "--output", "run/new.json"],
        ["other/../run", "--output", "run/new.json"],
        ["leak.jsonl", "--output", "plan.yaml"],
        ["leak.jsonl", "--policy", "policy.yaml", "--output", "policy.yaml"],
        ["leak.jsonl", "--baseline", "known.json", "--output", "known.json"],
        ["removed.json", "--output", "removed.json"],
    ],
)
def test_the_output_is_nothing_that_is_read(here: Path, capsys, arguments: list[str]):
    assert main(["run", "plan.yaml", "leak.jsonl", "--out", "run", "--workers", "1"]) == 0
    (here / "known.json").write_text('{"version": 1, "accepted": []}')
    (here / "other").mkdir()
    report = {"format": 1, "curate": "1", "card": "x", "word": "does not install"}
    (here / "removed.json").write_text(json.dumps(report))
    files = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    os.link("leak.jsonl", "linked.txt")
    capsys.readouterr()
    assert gate(*arguments) == 2
    told = capsys.readouterr()
    assert (told.out, "choose another" in told.err) == ("", True)
    assert all(path.read_bytes() == before for path, before in files.items())
    assert not (here / "run/new.json").exists()


def test_it_streams_from_a_pipe_in_a_process_of_its_own(here: Path):
    done = subprocess.run(
        [sys.executable, "-m", "curate", "gate", "-", "--plan", "plan.yaml"],
        input=CLEAN * 3000 + LEAK, capture_output=True, check=False, timeout=100, cwd=here,
        env=os.environ | {"TMPDIR": str(here)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode().startswith("error  -:3001  secrets: aws-access-key")
    assert sorted(each.name for each in here.iterdir()) == [
        "clean.jsonl", "leak.jsonl", "plan.yaml", "policy.yaml",
    ]  # fmt: skip


def test_words_around_a_match_are_withheld_where_a_sensitive_step_did_not_see_them(
    here: Path, capsys: pytest.CaptureFixture[str]
):
    first = "  - {use: regex, name: first, with: {patterns: {key: the key is}}, do: drop}\n"
    (here / "plan.yaml").write_text(f"steps:\n{first}  - {{use: regex, with: {{pack: secrets}}}}\n")
    assert main(["run", "plan.yaml", "leak.jsonl", "--out", "ran"]) == 0
    capsys.readouterr()
    for target in (["leak.jsonl", "--plan", "plan.yaml"], ["ran"]):
        assert main(["gate", *target]) == 1
        told = capsys.readouterr().out
        assert "[withheld: `secrets` did not see it]" in told
        assert KEY not in told
        assert main(["gate", *target, "--unmask"]) == 1
        assert KEY in capsys.readouterr().out
