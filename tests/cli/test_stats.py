"""`curate stats` as a user types it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import main
from docs.blocks import ROOT
from rollout_rows import row, write

FIRST = ROOT / "examples" / "first" / "corpus.jsonl"
ROWS = [row("Why?", "x", "a"), row("why? ", "y", "B"), row("How?", "z", "b", source="s")]


def said(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> str:
    assert main(["stats", *arguments]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def told(arguments: list[str], capfd: pytest.CaptureFixture[str]):
    return json.loads(said([*arguments, "--json"], capfd))


def test_the_first_example(capfd: pytest.CaptureFixture[str]):
    """As planted: one line cut off, ten repeats, two rows without an answer."""
    found = told([str(FIRST)], capfd)
    assert (found["rows"], found["records"], found["unreadable"]) == (120, 119, 1)
    assert found["unreadable_because"] == [
        {"reason": "not_json", "rows": 1, "first": f"{FIRST}:80"}
    ]
    repeats = {(each["part"], each["normalised"]): each["repeats"] for each in found["repeats"]}
    assert repeats["conversation", True] == 10
    assert found["conversations"]["broken"]["no_response"] == 1
    assert found["teachers"]["alike"] == [{"name": "teacher-b", "others": ["teacher-b-2026-04"]}]


def test_the_text_says_what_the_json_says(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    path = str(write(tmp_path / "corpus.jsonl", ROWS))
    lines = [line.strip() for line in said([path], capfd).splitlines()]
    assert ["a", "1", "33.3", "%", "1"] in map(str.split, lines)
    assert "perhaps one teacher: B, b (see `aliases:`)" in lines
    shared = (
        "1 of 2 prompts have answers of two teachers or more: there a switch can take the other's"
    )
    assert shared in lines
    assert told([path], capfd)["shared_prompts"] == {
        "prompts": 2, "shared": 1,
        "teachers": [{"name": "B", "rows": 1}, {"name": "a", "rows": 1}],
    }  # fmt: skip


def test_a_plan_says_how_rows_are_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    path = write(tmp_path / "corpus.jsonl", ROWS)
    plan = tmp_path / "plan.yaml"
    plan.write_text("input: {teacher_is: me, aliases: {b: [B]}}")
    found = told([str(path), "--plan", str(plan)], capfd)
    named = {each["name"]: each["rows"] for each in found["teachers"]["named"]}
    assert named == {"a": 1, "b": 2}
    assert found["teachers"]["alike"] == []


def test_broken_rows_are_no_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"{\n\xff\n[\n")
    out = said([str(path)], capfd)
    assert out.startswith("3 rows = 0 records + 3 unreadable + 0 not records\n")
    assert f"first at {path}:1" in out


def test_a_file_that_is_not_there(capfd: pytest.CaptureFixture[str]):
    assert main(["stats", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl: no such file" in capfd.readouterr().err


def test_progress_is_for_a_terminal_and_leaves_it_clean(tmp_path: Path):
    path = write(tmp_path / "corpus.jsonl", ROWS)
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "curate", "stats", str(path)]
    subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000)
    os.close(ours)
    assert b"3 rows read, 100%" in shown
    assert shown.endswith(b"\r\x1b[K")


def test_a_teacher_of_just_eval(data_dir: Path, capfd: pytest.CaptureFixture[str]):
    found = told([str(data_dir / "corpora/just_eval.Yi-34B-Chat.jsonl")], capfd)
    assert (found["rows"], found["records"]) == (1000, 1000)
    assert [each["name"] for each in found["teachers"]["named"]] == ["Yi-34B-Chat"]
    assert found["shared_prompts"] == {"prompts": 978, "shared": 0, "teachers": []}


def test_two_teachers_of_just_eval_share_every_prompt(
    data_dir: Path, capfd: pytest.CaptureFixture[str]
):
    names = ["vicuna-7b-v1.5", "zephyr-7b-beta"]
    files = [str(data_dir / f"corpora/just_eval.{name}.jsonl") for name in names]
    found = told(files, capfd)
    assert found["shared_prompts"] == {
        "prompts": 978, "shared": 978, "teachers": [{"name": name, "rows": 978} for name in names],
    }  # fmt: skip
