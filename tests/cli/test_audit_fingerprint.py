"""`curate audit fingerprint` as a user types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import audit_corpora as planted
from curate.cli import main

AUDIT = ["audit", "fingerprint"]
QUICK = ["--quick", "--splits", "2", "--workers", "1"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = planted.samples(100)
    for teacher in planted.HABITS:
        own = [row for row in rows if row.teacher == teacher]
        planted.write(Path(f"{teacher}.jsonl"), own)
        planted.write(Path(f"bare-{teacher}.jsonl"), [row._replace(teacher=None) for row in own])
    ada, cyd = ([row for row in rows if row.teacher == teacher] for teacher in ("ada", "cyd"))
    planted.write(Path("before.jsonl"), ada)
    planted.write(Path("after.jsonl"), [*cyd[:80], *ada[80:]])
    return tmp_path


def test_prints_a_report_and_exits_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*AUDIT, "ada.jsonl", "bob.jsonl", "cyd.jsonl", *QUICK]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == (
        "3 files, 300 rows; used: 300 responses of 3 teachers to 100 prompts"
    )
    assert "Who wrote a response can be told: " in out
    assert '"certainly"' in out


def test_json_is_one_object_with_documented_keys(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["ada.jsonl", "bob.jsonl", "cyd.jsonl", "--json", "--seed", "3", *QUICK]
    assert main([*AUDIT, *arguments]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert told["seed"] == 3
    assert told["accuracy"] > 0.7
    assert told["accuracy"] == told["accuracy_interval"]["value"]
    assert set(told["accuracy_interval"]) == {"value", "low", "high", "count"}
    assert told["corpora"]["teachers"] == {"ada": 100, "bob": 100, "cyd": 100}
    assert told["confusion"].keys() == told["recall"].keys() == planted.HABITS.keys()
    assert main([*AUDIT, *arguments]) == 0
    assert json.loads(capsys.readouterr().out) == told


def test_arms_strangers_and_sources_are_measured_without_quick(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted.write(Path("mix.jsonl"), planted.samples(100, sources=("a", "b")))
    assert main([*AUDIT, "mix.jsonl", "--json", "--splits", "1", "--workers", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["robustness"]) == 3
    assert len(told["carriers"]) == 4
    assert len(told["strangers"]["teachers"]) == 3
    assert {each["source"] for each in told["sources"]} == {"a", "b"}
    assert all(abs(each["stated"] - each["accuracy"]["value"]) < 0.15 for each in told["sources"])


def test_a_mixture_is_shared_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ada.jsonl", "bob.jsonl", "cyd.jsonl", "--mixture", "bare-bob.jsonl"]
    assert main([*AUDIT, *arguments, *QUICK]) == 0
    out = capsys.readouterr().out
    assert "Who wrote bare-bob.jsonl?" in out
    share = next(line for line in out.split("bare-bob.jsonl?")[1].splitlines() if "bob" in line)
    assert float(share.split()[1].rstrip("%")) > 85


def test_before_and_after(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["ada.jsonl", "bob.jsonl", "cyd.jsonl"]
    assert (
        main([*AUDIT, *arguments, "--before", "before.jsonl", "--after", "after.jsonl", *QUICK])
        == 0
    )
    out = capsys.readouterr().out
    assert "100 rows before, 100 after: 20 unchanged, 80 rewritten, 0 gone, 0 new." in out
    assert "The rewrite changed the fingerprint of these rows." in out


def test_files_can_say_who_wrote_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [f"bare-{teacher}.jsonl" for teacher in planted.HABITS]
    said = [
        part
        for teacher in planted.HABITS
        for part in ("--teacher-is", f"bare-{teacher}*={teacher}")
    ]
    assert main([*AUDIT, *files, *said, *QUICK, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] > 0.7


def test_what_cannot_be_said_is_no_failure(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*AUDIT, "ada.jsonl"]) == 0
    assert "nothing can be told apart" in capsys.readouterr().out
    assert main([*AUDIT, "bare-ada.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["accuracy"] is None
    assert [caution["code"] for caution in told["cautions"]] == ["one_teacher"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.jsonl"], "missing.jsonl: no such file"),
        (["ada.jsonl", "--before", "before.jsonl"], "--before and --after need each other"),
        (["ada.jsonl", "--teacher-is", "ada"], "not of the form PATTERN=NAME"),
        (["ada.jsonl", "--splits", "0"], "--splits"),
        ([], "CORPUS"),
    ],
    ids=["missing", "before alone", "teacher-is", "splits", "no corpus"],
)
def test_a_wrong_command_exits_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main([*AUDIT, *arguments]) == 2
    assert told in capsys.readouterr().err


def test_without_numpy_the_extra_is_named(folder: Path) -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from curate.cli import main\n"
        f"sys.exit(main({[*AUDIT, 'ada.jsonl', 'bob.jsonl', *QUICK]}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "curate: error: an audit of fingerprints needs numpy: pip install"
    )
