"""A run on Ray gives the files of a run on one machine, whatever happens meanwhile."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from ray_machines import Machines
from ray_runs import Runs

SEGMENT = 2_000
"""Rows of a segment, when they are short."""
SEGMENTS = 15
"""Segments among which a run is disturbed."""
AFTER = 10
"""Segments behind them: a run commits twice a second, and must be seen there before it ends."""
SLOW = """\
steps:
  - use: slow
  - use: regex
    with: {patterns: {cats: cat}}
    do: drop
  - use: duplicates
    do: drop
"""
MANY = """\
steps:
  - use: regex
    with: {patterns: {mail: "[a-z]+@[a-z.]+"}}
    do: {rewrite: {use: redact}}
  - {use: hangs, on_error: quarantine}
  - {use: dies, on_error: quarantine}
  - {use: text_quality, do: flag}
  - {use: duplicates, do: drop}
  - use: regex
    name: cats
    with: {patterns: {cats: cat}}
    do: drop
"""


def rows(count: int) -> list[tuple[str, str]]:
    return [
        (f"What about {n % 7_000}?", "A cat." if n % 5 == 0 else f"It is {n % 9_000}.")
        for n in range(count)
    ]


def on(cluster: Machines, options: str = "") -> list[str]:
    spec = f"{{use: ray, with: {{patience: 60{options}}}}}"
    return ["--executor", spec, "--address", cluster.address]


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory, surroundings: dict[str, str]) -> Runs:
    """Runs that take a few seconds, and have been done on this machine."""
    folder = tmp_path_factory.mktemp("slow")
    made = Runs(folder, SLOW, rows((SEGMENTS + AFTER) * SEGMENT), surroundings)
    made.files("here", "--workers", "4")
    return made


def test_nodes_killed_at_three_points_change_nothing(machines: Machines, slow: Runs) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    draws = random.Random(seed)
    third = SEGMENTS // 3
    points = [draws.randrange(1 + third * n, third * (n + 1)) for n in range(3)]
    sys.stdout.write(f"seed {seed}: a node is killed after {points} segments\n")
    for _ in points:
        machines.add()
    run = slow.start("nodes", *on(machines), "--workers", "3")
    for point in points:
        run.committed(point)
        machines.kill(draws.choice(_busy(machines)))
    code, said = run.ended()
    assert code == 0, said
    assert slow.written("nodes") == slow.written("here")


def _busy(machines: Machines) -> list[Any]:
    """Return the nodes that have actors and may go, as soon as there are some."""
    deadline = time.monotonic() + 30
    while not (found := [node for node in machines.busy() if node != machines.head]):
        assert time.monotonic() < deadline, "no node has actors"
        time.sleep(0.1)
    return found


def test_a_run_that_is_interrupted_and_killed_goes_on(cluster: Machines, slow: Runs) -> None:
    command = ("stopped", *on(cluster), "--workers", "1")
    for segments, number, code in [(3, signal.SIGINT, 130), (8, signal.SIGKILL, -9)]:
        run = slow.start(*command)
        run.committed(segments)
        run.send(number)
        ended, said = run.ended()
        assert ended == code, said
        assert "Traceback" not in said
        _nobody_is_left(cluster)
    assert "run.json" not in slow.written("stopped")
    assert slow.files(*command) == slow.written("here")


def _nobody_is_left(cluster: Machines) -> None:
    deadline = time.monotonic() + 20
    while cluster.busy():
        assert time.monotonic() < deadline, "actors are left behind"
        time.sleep(0.1)


def test_whatever_filters_do_the_files_are_those_of_one_machine(
    cluster: Machines, surroundings: dict[str, str], tmp_path: Path
) -> None:
    told = rows(9_000)
    for n, text in enumerate(["hang here", "exit here", "be killed here", "ask a@b.org"]):
        told[500 * (n + 1)] = ("Why?", f"Do {text}, please.")
    runs = Runs(tmp_path, MANY, told, surroundings)
    here = runs.files("here", "--workers", "2")
    assert here["quarantined.jsonl"].count(b"\n") == 3
    assert b"ask [mail], please" in here["kept.jsonl"]
    assert here["dropped.jsonl"]
    apart = ", steps: {cats: {workers: 1, cpus: 0.5}}"
    assert runs.files("there", *on(cluster, apart), "--workers", "1") == here


@pytest.mark.slow
def test_a_cluster_of_its_own_ends_with_the_run(slow: Runs) -> None:
    command = ("own", "--executor", "ray", "--workers", "1")
    temporary = Path(tempfile.mkdtemp(prefix="ray-"))  # short: Ray's sockets have long names
    slow.surroundings["TMPDIR"] = str(temporary)
    try:
        run = slow.start(*command)
        run.committed(3)
        run.send(signal.SIGINT, everyone=True)
        code, said = run.ended()
        assert code == 130, said
        assert not list(temporary.glob("curate-*"))
        assert slow.files(*command) == slow.written("here")
        assert not list(temporary.glob("curate-*"))
    finally:
        shutil.rmtree(temporary)
        del slow.surroundings["TMPDIR"]


@pytest.mark.slow
def test_a_head_that_is_gone_ends_the_run(slow: Runs) -> None:
    script = str(Path(__file__).with_name("headless.py"))
    surroundings = json.dumps(slow.surroundings)
    done = subprocess.run(
        [sys.executable, script, surroundings, slow.plan, slow.corpus, slow.folder / "headless"],
        env={**os.environ, **slow.surroundings},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "has not answered for 2 s" in done.stderr
    assert "run.json" not in slow.written("headless")
    assert slow.files("headless", "--workers", "4") == slow.written("here")
