"""`curate verify` as a user calls it."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import make_run, row


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, [*(row(f"r{n}", answer=f"sk-{n}") for n in range(3)), row("r3")])


def test_a_run_as_it_was_written_is_verified(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(run), "--inputs"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    size = sum(path.stat().st_size for path in [*run.glob("*.jsonl"), run / "plan.yaml"])
    balance = "read 4 = kept 1 + dropped 3 + quarantined 0"
    assert captured.out == f"verified: {balance}; {size:,} bytes\n"


def test_a_changed_row_is_named_and_exits_3(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run / "dropped.jsonl"
    path.write_bytes(path.read_bytes().replace(b"sk-1", b"sk-2"))
    assert main(["verify", str(run)]) == 3
    captured = capsys.readouterr()
    corpus = run.parent / "c.jsonl"
    row_said, hash_said = captured.out.splitlines()
    assert row_said == f"dropped.jsonl:2: is not the line of {corpus}:2 (#1): its digest differs"
    assert hash_said.startswith("dropped.jsonl: sha256 ")
    assert "2 problems: not what the run wrote" in captured.err


def test_json_is_one_object_and_exits_3_too(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "kept.jsonl").write_bytes(b"")
    assert main(["verify", str(run), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["verified"] is False
    assert found["counts"] == {"read": 4, "kept": 1, "dropped": 3, "quarantined": 0}
    assert found["problems_found"] == len(found["problems"]) == 4
    assert {problem["place"] for problem in found["problems"]} == {"kept.jsonl"}


def test_an_input_that_is_gone_is_an_error(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run.parent / "c.jsonl").unlink()
    assert main(["verify", str(run), "--inputs"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--help"]) == 0
    assert "Example: curate verify runs/first" in capsys.readouterr().out
