"""`curate run` as a user types it: real processes, killed, interrupted, out of disk."""

import gzip
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks import files_of, rows, write

PLAN = "steps: [{use: duplicates, do: drop}, {use: roles, do: flag}]\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan, a corpus, and `whole`, the run of it that nothing disturbs."""
    folder = tmp_path_factory.mktemp("made")
    write(folder / "plan.yaml", PLAN.encode())
    lines = rows(30_000)
    write(folder / "corpus.jsonl", *lines, *lines[:5000])
    assert finish(start(folder, "whole"))[0] == 0
    return folder


@pytest.fixture
def whole(made: Path) -> dict[str, bytes]:
    return files_of(made / "whole")


@pytest.fixture
def folder(tmp_path: Path, made: Path) -> Path:
    for name in ("plan.yaml", "corpus.jsonl"):
        shutil.copy(made / name, tmp_path)
    return tmp_path


def start(folder: Path, out: str, *more: str, **options: object) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "curate", "run", "plan.yaml", "corpus.jsonl", "--out", out]
    return subprocess.Popen(
        [*arguments, *more],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def until_committed(run: Path) -> None:
    """Wait until the run has committed something."""
    deadline = time.monotonic() + 60
    while not (run / "state.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_kill_9_leaves_nothing_incomplete_under_a_final_name(
    folder: Path, whole: dict[str, bytes]
) -> None:
    """The last act is to name the files, then `run.json`: what has a name is whole."""
    for delay in (0.0, 0.05, 0.15):
        process = start(folder, "out", "--workers", "2")
        if not (folder / "out" / "run.json").exists():
            until_committed(folder / "out")
        time.sleep(delay)
        process.kill()
        process.communicate(timeout=60)
        named = files_of(folder / "out")
        for name in named.keys() & whole.keys() - {"run.json"}:
            assert named[name] == whole[name]
    code, out, _ = finish(start(folder, "out"))
    assert code == 0
    assert "read 35,000 = kept 30,000 + dropped 5,000 + quarantined 0" in out
    assert files_of(folder / "out") == whole


def test_a_killed_run_leaves_no_workers_behind(folder: Path) -> None:
    process = start(folder, "out", "--workers", "2", start_new_session=True)
    until_committed(folder / "out")
    group = os.getpgid(process.pid)
    process.kill()
    process.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("worker processes outlive a killed run")


def test_ctrl_c_saves_the_state_and_exits_130(folder: Path, whole: dict[str, bytes]) -> None:
    process = start(folder, "out", start_new_session=True)
    until_committed(folder / "out")
    os.killpg(process.pid, signal.SIGINT)
    code, _, err = finish(process)
    if code == 0:
        pytest.skip("the run was over before the interrupt")
    assert (code, err) == (130, "curate: interrupted; the same command goes on from here\n")
    assert finish(start(folder, "out"))[0] == 0
    assert files_of(folder / "out") == whole


def test_a_request_to_end_saves_the_state_and_exits_143(
    folder: Path, whole: dict[str, bytes]
) -> None:
    process = start(folder, "out", "--workers", "2", start_new_session=True)
    until_committed(folder / "out")
    process.terminate()
    code, _, err = finish(process)
    if code == 0:
        pytest.skip("the run was over before the request")
    assert (code, err) == (143, "curate: interrupted; the same command goes on from here\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # no worker is left
    assert finish(start(folder, "out"))[0] == 0
    assert files_of(folder / "out") == whole


def test_a_full_disk_is_said_and_can_be_resumed(folder: Path, whole: dict[str, bytes]) -> None:
    """A limit on file size stands for a full disk: writing fails in the middle of a segment."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    code, _, err = finish(start(folder, "out", preexec_fn=limit))
    assert code == 3
    assert "File too large" in err
    assert "the same command goes on" in err
    assert not (folder / "out" / "kept.jsonl").exists()
    assert finish(start(folder, "out"))[0] == 0
    assert files_of(folder / "out") == whole


def curate(folder: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "curate", *arguments],
        cwd=folder, input=stdin, capture_output=True, check=False, timeout=100,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_stdin_is_spooled_and_gives_the_same_rows(folder: Path, whole: dict[str, bytes]) -> None:
    content = (folder / "corpus.jsonl").read_bytes()
    code, out, err = curate(folder, "run", "plan.yaml", "-", "--out", "piped", stdin=content)
    assert (code, err) == (0, "")
    assert "kept 30,000" in out
    for name in ("kept.jsonl", "dropped.jsonl"):
        assert (folder / "piped" / name).read_bytes() == whole[name]
    assert "stdin.spool" not in files_of(folder / "piped")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.yaml", "corpus.jsonl", "--out", "out"], 2, "missing.yaml"),
        (["plan.yaml", "corpus.json", "--out", "out"], 2, "corpus.jsonl"),
        (["plan.yaml", "corpus.jsonl"], 2, "--out"),
        (["plan.yaml", "corpus.jsonl", "--out", "out", "--workers", "none"], 2, "auto"),
        (["plan.yaml", "cut.jsonl.gz", "--out", "out"], 2, "cut.jsonl.gz"),
    ],
    ids=["no plan", "no input", "no out", "workers", "truncated gz"],
)
def test_a_mistake_is_said_in_one_line(
    folder: Path, arguments: list[str], code: int, message: str
) -> None:
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(b"".join(rows(500)))[:-100])
    got, out, err = curate(folder, "run", *arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_too_many_unreadable_lines_finish_with_exit_3(folder: Path) -> None:
    write(folder / "bad.jsonl", *rows(50), b"{oops\n")
    arguments = ["run", "plan.yaml", "bad.jsonl", "--out", "out", "--json"]
    for _ in range(2):  # the finished run says the same again
        code, out, err = curate(folder, *arguments)
        assert (code, err) == (3, "")
        facts = json.loads(out)
        assert facts["over_budget"] == ["input"]
        assert facts["counts"]["kept"] == 50
    assert (folder / "out" / "quarantined.jsonl").read_bytes() == b"{oops\n"
