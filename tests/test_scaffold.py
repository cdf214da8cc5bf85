"""A new plugin package: what is written works when it is built, installed and used."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from curate.errors import UsageError
from curate.filters.provenance import Provenance
from curate.registry import Entry
from curate.scaffold import scaffold

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "name", ["long-answers", "long_answers", "curate-long-answers", "curate_long_answers"]
)
def test_every_spelling_gives_one_package(name, tmp_path):
    made = scaffold(name, tmp_path, taken={})
    assert made.folder == tmp_path / "curate-long-answers"
    assert made.filter == "long_answers"
    found = {str(p.relative_to(made.folder)) for p in made.folder.rglob("*") if p.is_file()}
    assert found == set(made.files)
    assert "curate_long_answers.py" in found


def test_what_is_written_is_what_tools_expect(tmp_path):
    folder = scaffold("long-answers", tmp_path, taken={}).folder
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == "curate-long-answers"
    assert project["entry-points"]["curate.plugins"] == {"long_answers": "curate_long_answers"}
    workflow = yaml.safe_load((folder / ".github/workflows/test.yml").read_text())
    setup = workflow["jobs"]["test"]["steps"][1]
    assert setup["with"] == {"python-version": "${{ matrix.python }}"}
    for file in folder.rglob("*.py"):
        compile(file.read_text(), file.name, "exec")


def test_no_placeholder_is_left(tmp_path):
    made = scaffold("long-answers", tmp_path, taken={})
    texts = [(made.folder / file).read_text() for file in made.files]
    assert not any("$" in text.replace("${{ matrix.python }}", "") for text in texts)


@pytest.mark.parametrize(
    "name", ["", "Regex", "7up", "two words", "a--b", "../evil", "curate-", "é", "a\n"]
)
def test_names_that_cannot_be_used(name, tmp_path):
    with pytest.raises(UsageError, match="is no name for a plugin"):
        scaffold(name, tmp_path, taken={})
    assert not list(tmp_path.iterdir())


def test_a_name_the_module_itself_needs_is_refused(tmp_path):
    with pytest.raises(UsageError, match="Verdict is a name the plugin itself needs"):
        scaffold("verdict", tmp_path, taken={})


def test_the_name_of_an_installed_filter_is_refused(tmp_path):
    taken = {"taken": Entry(Provenance, "some-package", "1")}
    with pytest.raises(UsageError, match="'taken' is installed already, from some-package"):
        scaffold("taken", tmp_path, taken)


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "curate-mine").mkdir()
    (tmp_path / "curate-mine" / "notes.txt").write_text("precious")
    with pytest.raises(UsageError, match="exists and is left alone"):
        scaffold("mine", tmp_path, taken={})
    assert (tmp_path / "curate-mine" / "notes.txt").read_text() == "precious"
    assert len(list((tmp_path / "curate-mine").iterdir())) == 1


def run(*command: str, path: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def install(folder: Path, site: Path) -> None:
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(site))
    run("pip", "install", *options, str(folder), path=site)


def own_tests(folder: Path, site: Path) -> str:
    config = ("--rootdir", str(folder), "-c", str(folder / "pyproject.toml"))
    return run("pytest", "-q", "-p", "no:cacheprovider", *config, str(folder), path=site)


@pytest.mark.slow
def test_the_plugin_beside_the_core_is_installed_and_tested_like_a_strangers(tmp_path):
    site = tmp_path / "site"
    copy = shutil.copytree(ROOT / "plugins" / "curate-truncated", tmp_path / "source")
    install(copy, site)
    assert " passed" in own_tests(copy, site)
    told = run("curate", "--strict-plugins", "plugins", "info", "truncated", path=site)
    assert "from curate-truncated 0.1.0" in told


@pytest.mark.slow
def test_a_new_plugin_builds_installs_and_runs(tmp_path):
    folder = scaffold("mine", tmp_path, taken={}).folder
    site = tmp_path / "site"
    install(folder, site)
    listed = json.loads(run("curate", "--strict-plugins", "plugins", "list", "--json", path=site))
    mine = {row["name"]: row for row in listed["plugins"]}["mine"]
    assert (mine["distribution"], mine["distribution_version"]) == ("curate-mine", "0.1.0")

    assert "3 passed" in own_tests(folder, site)

    plan = tmp_path / "plan.yaml"
    plan.write_text("steps: [{use: mine, with: {phrases: [Sure]}, do: drop}]")
    ready = json.loads(run("curate", "plan", str(plan), "--json", path=site))
    assert ready["identity"]["steps"][0]["distribution"] == "curate-mine"
    assert ready["plan"]["steps"][0]["when"] == {"at_least": 1.0}

    corpus = tmp_path / "corpus.jsonl"
    texts = ["Sure, here it is.", "Here it is."]
    corpus.write_text(
        "".join(
            json.dumps({"messages": [{"role": "assistant", "content": text}]}) + "\n"
            for text in texts
        )
    )
    out = tmp_path / "run"
    run("curate", "run", str(plan), str(corpus), "--out", str(out), path=site)
    lines = corpus.read_text().splitlines(keepends=True)
    assert (out / "dropped.jsonl").read_text() == lines[0]
    assert (out / "kept.jsonl").read_text() == lines[1]
