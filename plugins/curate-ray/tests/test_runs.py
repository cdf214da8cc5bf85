"""A run on Ray gives the files of a run on one machine."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from curate.cli import main

PLAN = """\
steps:
  - use: text_quality
    do: flag
  - use: duplicates
    do: drop
  - use: regex
    with: {patterns: {cats: cat}}
    do: drop
"""


def corpus(path: Path) -> Path:
    rows = (
        {
            "messages": [
                {"role": "user", "content": f"What about {n % 700}?"},
                {"role": "assistant", "content": "A cat." if n % 5 == 0 else f"It is {n % 900}."},
            ]
        }
        for n in range(9_000)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(out: Path, plan: Path, rows: Path, *more: str) -> dict[str, bytes]:
    assert main(["run", str(plan), str(rows), "--out", str(out), *more]) == 0
    return {file.name: file.read_bytes() for file in out.iterdir()}


@pytest.mark.parametrize("apart", ["{}", "{regex: {workers: 1, cpus: 0.5}}"])
def test_the_files_are_those_of_one_machine(cluster: Any, tmp_path: Path, apart: str) -> None:
    plan, rows = tmp_path / "plan.yaml", corpus(tmp_path / "rows.jsonl")
    plan.write_text(PLAN, "utf-8")
    spec = f"{{use: ray, with: {{patience: 30, steps: {apart}}}}}"
    here = run(tmp_path / "here", plan, rows, "--workers", "1")
    there = run(tmp_path / "there", plan, rows, "--executor", spec, "--address", cluster.address)
    assert there == here
    assert here["dropped.jsonl"]


@pytest.mark.slow
def test_a_cluster_of_its_own_ends_with_the_run(tmp_path: Path) -> None:
    plan, rows, out = tmp_path / "plan.yaml", corpus(tmp_path / "rows.jsonl"), tmp_path / "there"
    plan.write_text(PLAN, "utf-8")
    here = run(tmp_path / "here", plan, rows, "--workers", "1")
    # a process of its own: Ray keeps how it talks to this cluster for all that come after
    command = [sys.executable, "-m", "curate", "run", plan, rows, "--out", out]
    temporary = Path(tempfile.mkdtemp(prefix="ray-"))  # short: Ray's sockets have long names
    try:
        done = subprocess.run(
            [*command, "--executor", "ray"],
            env={**os.environ, "TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            check=False,
        )
        left = list(temporary.glob("curate-*"))
    finally:
        shutil.rmtree(temporary)
    assert done.returncode == 0, done.stderr
    assert {file.name: file.read_bytes() for file in out.iterdir()} == here
    assert not left
