"""What `docs/plugin.md` tells to do works, from the scaffold to a run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from docs.blocks import ROOT, blocks

PAGE = "docs/plugin.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The package of the page with its plugins in it, installed as pip leaves it in a folder."""
    shutil.copytree(ROOT / "examples" / "first", tmp_path / "first")
    assert curate(tmp_path, "plugins", "new", "capitals").returncode == 0
    package = tmp_path / "curate-capitals"
    for block in (each for each in blocks("python") if each.file == PAGE):
        (package / f"curate_{block.text[4:].partition('`')[0]}.py").write_text(block.text)
    (entry,) = [each for each in (package / "pyproject.toml").read_text().split("\n\n")
                if each.startswith('[project.entry-points."curate.plugins"]')]  # fmt: skip
    info = package / "curate_capitals-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: curate-capitals\nVersion: 0.1.0\n")
    name = entry.splitlines()[1].replace('"', "")
    points = f"[curate.plugins]\n{name}\nlanes = curate_lanes\n"
    (info / "entry_points.txt").write_text(points)
    return tmp_path


def curate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder / "curate-capitals"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "curate", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_curate_finds_it_and_says_its_option(folder: Path):
    done = curate(folder, "--strict-plugins", "plugins", "info", "capitals")
    assert done.returncode == 0, done.stderr
    assert "capitals (filter), from curate-capitals 0.1.0" in done.stdout
    assert "least: whole number at least 1; default 20" in done.stdout


def test_a_plan_uses_it(folder: Path):
    (text,) = [each.text for each in blocks("text") if each.file == PAGE]
    assert yaml.safe_load(text)["steps"][0]["use"] == "capitals"
    (folder / "plan.yaml").write_text(text)
    done = curate(folder, "run", "plan.yaml", "first/corpus.jsonl", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    (step,) = json.loads(done.stdout)["steps"]
    assert (step["name"], step["seen"], step["dropped"]) == ("capitals", 119, 0)
    assert 0 < step["abstained"] < 119


def test_a_run_in_lanes_has_the_files_of_any_other(folder: Path):
    (folder / "plan.yaml").write_text(
        "steps:\n  - {use: capitals, with: {least: 40}}\n  - {use: duplicates, do: drop}\n"
    )
    for out, how in (("here", "threads"), ("lanes", "{use: lanes, with: {lanes: 3}}")):
        done = curate(
            folder, "run", "plan.yaml", "first/corpus.jsonl", "--out", out, "--executor", how
        )
        assert done.returncode == 0, done.stderr
    here, there = ({path.name: path.read_bytes() for path in (folder / out).iterdir()}
                   for out in ("here", "lanes"))  # fmt: skip
    assert here == there
    assert json.loads(here["run.json"])["counts"]["dropped"]


def test_the_test_of_the_scaffold_holds_with_other_examples(folder: Path):
    test = folder / "curate-capitals" / "tests" / "test_capitals.py"
    text = test.read_text()
    examples = '[("Certainly! Here it is.", 1.0), ("Here it is.", 0.0)]'
    assert examples in text
    shouted = "HERE IT IS, AS LOUD AS IT CAN BE"
    told = repr([(shouted, 1.0), (shouted.lower(), 0.0)])
    test.write_text(text.replace(examples, told))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=folder / "curate-capitals", capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
