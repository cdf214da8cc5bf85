"""The two commands of the README: one is run here on nothing but Python, CI runs the other."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs.blocks import ROOT, blocks

SHELL = shutil.which("bash")
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "runs", "work")
PIP = {"pip", "setuptools"}
"""Packages that Python puts into every virtual environment itself."""


def setup_commands() -> list[str]:
    return [block.text.strip() for block in blocks("bash")]


def test_there_are_two_and_each_is_one_line():
    assert len(setup_commands()) == 2
    assert all("\n" not in command for command in setup_commands())


def test_ci_runs_the_second_word_for_word():
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    code = [line for line in lines if not line.startswith("#")]
    assert code == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', setup_commands()[1]]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "- run: .ci/run" in (ROOT / ".github/workflows/ci.yml").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_first_installs_a_small_core_and_runs_the_example(tmp_path: Path):
    folder = tmp_path / "curate"
    shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
    done = subprocess.run(
        [SHELL, "-c", setup_commands()[0]], cwd=folder, env=only_python(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "read 120 = kept " in done.stdout
    assert (folder / "runs/first/run.json").exists()
    packages, size = installed(folder)
    assert {"sft-curate", "pydantic", "click"} <= packages
    assert len(packages) <= 20
    assert size <= 60 * 1024 * 1024


def only_python() -> dict[str, str]:
    """The environment of a machine that has Python and a shell."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).parent
    ours = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PATH": f"{base}:/usr/bin:/bin"}


def installed(folder: Path) -> tuple[set[str], int]:
    """The packages in the virtual environment, and their bytes, those of Python itself apart."""
    (site,) = (folder / ".venv" / "lib").glob("python3*/site-packages")
    entries = [path for path in site.iterdir() if path.name.split("-")[0] not in PIP]
    files = [file for path in entries for file in (path.rglob("*") if path.is_dir() else [path])]
    names = {path.name.split("-")[0].replace("_", "-") for path in site.glob("*.dist-info")}
    return names - PIP, sum(file.stat().st_size for file in files if file.is_file())
