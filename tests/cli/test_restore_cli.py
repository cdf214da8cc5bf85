"""`curate restore` as a user calls it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from curate.cli import main
from fake_runs import row
from rewritten_runs import make

CONTENT = b"\xef\xbb\xbf" + row("a") + b" \r\n" + row("b", answer="bad")[:-1]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make(tmp_path, {"c.jsonl": CONTENT})


def test_one_input_goes_to_standard_output(
    run: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["restore", str(run)]) == 0
    captured = capfdbinary.readouterr()
    assert captured.out == CONTENT
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    told = f"3 lines, {len(CONTENT)} bytes, identical to what was read (sha256 {sha256})"
    assert captured.err.decode() == f"{run.parent}/c.jsonl: {told}\n"


def test_json_about_it_goes_to_standard_error(
    run: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["restore", str(run), "--json"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.out == CONTENT
    assert json.loads(captured.err) == {
        "inputs": [
            {
                "input": f"{run.parent}/c.jsonl",
                "file": None,
                "outcome": "identical",
                "lines": 3,
                "bytes": len(CONTENT),
                "sha256": hashlib.sha256(CONTENT).hexdigest(),
            }
        ]
    }


def test_several_inputs_go_to_a_folder(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run = make(tmp_path, {"a/c.jsonl": CONTENT, "b/c.jsonl": b""})
    assert main(["restore", str(run)]) == 2
    assert "has 2 inputs: name a folder for them with --out" in capfd.readouterr().err
    out = tmp_path / "new" / "folder"
    assert main(["restore", str(run), "--out", str(out)]) == 0
    first, second = capfd.readouterr().out.splitlines()
    assert first.startswith(
        f"{tmp_path}/a/c.jsonl: 3 lines, {len(CONTENT)} bytes, identical to what"
    )
    assert first.endswith(f" -> {out}/c.jsonl")
    assert second.startswith(f"{tmp_path}/b/c.jsonl: 0 lines, 0 bytes, identical")
    assert second.endswith(f" -> {out}/c-2.jsonl")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "c.jsonl": CONTENT,
        "c-2.jsonl": b"",
    }
    assert main(["restore", str(run), "--out", str(out)]) == 2
    assert "nothing is overwritten" in capfd.readouterr().err


def test_what_is_not_what_was_read_exits_3_and_leaves_no_file(
    run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = run / "replaced.jsonl"
    path.write_bytes(path.read_bytes().replace(b"bad", b"sad"))
    assert main(["restore", str(run), "--out", str(tmp_path / "out")]) == 3
    assert "c.jsonl is not what was read: its sha256 is " in capfd.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []
    assert main(["restore", str(run)]) == 3


def test_an_array_and_a_limit_are_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = b'[\n  {"text": "x"},\n  {"text": "y"}\n]\n'
    run = make(tmp_path, {"c.json": content, "d.jsonl": CONTENT, "e.jsonl": CONTENT}, limit=3)
    assert main(["restore", str(run), "--out", str(tmp_path / "out")]) == 0
    array, cut, unread = capfd.readouterr().out.splitlines()
    assert "an array of the same elements (2 lines, 34 bytes): they are what was read, but" in array
    assert "the 1 line, 111 bytes that the run read (--limit); each is what was read" in cut
    assert unread == f"{tmp_path}/e.jsonl: nothing of it was read (--limit)"
    assert json.loads((tmp_path / "out/c.json").read_bytes()) == json.loads(content)
    assert (tmp_path / "out/d.jsonl").read_bytes() == b"\xef\xbb\xbf" + row("a")


def test_a_reader_that_leaves_early_is_no_traceback(tmp_path: Path) -> None:
    run = make(tmp_path, {"c.jsonl": row("a", answer="y" * 1000) * 3000})
    command = [sys.executable, "-m", "curate", "restore", str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_folder_without_a_run_is_an_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", str(tmp_path)]) == 2
    assert "not a run directory" in capfd.readouterr().err


def test_help_has_an_example(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["restore", "--help"]) == 0
    assert "Example: curate restore runs/first --out original" in capfd.readouterr().out
