"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself in a repository with data.

pre-commit would install curate from the network first; here its entries run as `language: system`
on the curate of the tests, all else as the file says.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from curate.cli import main
from docs.blocks import ROOT

FILE = ROOT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load(FILE.read_text("utf-8"))
}
pytestmark = pytest.mark.skipif(
    find_spec("pre_commit") is None or shutil.which("git") is None,
    reason="pre-commit is not installed: pip install -e '.[dev]'",
)
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a corpus, a plan, and what the plan keeps; nothing is committed yet."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("HOME", "PRE_COMMIT_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    shutil.copy(ROOT / "examples/switch/corpus.jsonl", "corpus.jsonl")
    Path("plan.yaml").write_text("steps: [{use: trait, with: {card: date_confusion}, do: drop}]\n")
    arguments = ["plan.yaml", "corpus.jsonl", "--workers", "1", "--out", "run"]
    assert main(["run", *arguments]) == 0
    shutil.copy("run/kept.jsonl", "filtered.jsonl")
    shutil.rmtree("run")
    subprocess.run(["git", "init", "-q"], check=True)
    return folder


@pytest.fixture
def run(repository: Path) -> Run:
    """Stages all files and runs one hook on them, with other arguments if given."""

    def on_files(hook: str, *args: str) -> subprocess.CompletedProcess[str]:
        used = HOOKS[hook] | {"language": "system"} | ({"args": list(args)} if args else {})
        config = {"repos": [{"repo": "local", "hooks": [used]}]}
        (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        subprocess.run(["git", "add", "."], check=True)
        return pre_commit("run", "--verbose")

    return on_files


def pre_commit(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_file_is_what_pre_commit_takes():
    done = pre_commit("validate-manifest", FILE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_an_entry_is_a_command_that_there_is(hook: dict[str, Any], capsys):
    program, *words = hook["entry"].split()
    assert program == "curate"
    assert main([*(word for word in words if word != "--"), "--help"]) == 0


class TestGate:
    def test_changed_rows_with_hits_fail(self, run: Run, repository: Path):
        (repository / "filtered.jsonl").unlink()
        done = run("curate-gate")
        assert done.returncode == 1
        assert "corpus.jsonl:1  date_confusion: future-date" in done.stdout
        assert "exit code: 1" in done.stdout

    def test_rows_without_pass(self, run: Run, repository: Path):
        (repository / "corpus.jsonl").unlink()
        done = run("curate-gate")
        assert done.returncode == 0, done.stdout
        assert "read 20 = kept 20" in done.stdout

    def test_a_name_of_a_file_is_no_option(self, run: Run, repository: Path):
        lax = '{"version": 1, "rules": ["read >= 0"]}'
        (repository / "--policy=lax.jsonl").write_text(lax)
        (repository / "lax.jsonl").write_text(lax)
        done = run("curate-gate")
        assert done.returncode == 1
        assert "corpus.jsonl:1  date_confusion: future-date" in done.stdout

    def test_other_files_are_not_looked_at(self, run: Run, repository: Path):
        for name in ("corpus", "filtered"):
            (repository / f"{name}.jsonl").unlink()
        assert "no files to check" in run("curate-gate").stdout


class TestPlan:
    def test_a_right_plan_passes(self, run: Run):
        assert run("curate-plan").returncode == 0

    def test_a_wrong_plan_fails_by_file_and_line(self, run: Run, repository: Path):
        (repository / "plan-b.yaml").write_text("steps:\n- use: traits\n")
        done = run("curate-plan")
        assert done.returncode == 1
        assert "plan-b.yaml:2: " in done.stdout
        assert "plan.yaml: " in done.stdout


class TestStale:
    ARGS = ("filtered.jsonl", "corpus.jsonl", "--plan", "plan.yaml")

    def test_what_the_plan_keeps_passes(self, run: Run):
        done = run("curate-stale", *self.ARGS)
        assert done.returncode == 0, done.stdout
        assert "is what plan.yaml keeps, 20 rows" in done.stdout

    @pytest.mark.parametrize("changed", ["plan", "corpus", "filtered"])
    def test_a_change_of_one_alone_fails(self, run: Run, repository: Path, changed: str):
        if changed == "plan":
            (repository / "plan.yaml").write_text("steps: []\n")
        else:
            file = repository / f"{changed}.jsonl"
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join(lines[:1] + lines[2:]))
        done = run("curate-stale", *self.ARGS)
        assert done.returncode == 1
        assert "filtered.jsonl: stale: " in done.stdout
