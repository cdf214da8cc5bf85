"""`action.yml`: its shell steps run here as a runner would run them, on hostile inputs too."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.blocks import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
SHELL = shutil.which("bash")
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "x && touch pwned",
    "--help",
    "-",
]
FAKE_PYTHON = """#!/bin/bash
printf '%s\\n' "$@" >> "$LOG"
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
"""


@pytest.fixture
def runner(tmp_path: Path) -> "Runner":
    return Runner(tmp_path)


class Runner:
    """A runner of GitHub with one job: a working folder, a temporary one, files for outputs."""

    def __init__(self, folder: Path) -> None:
        self.work, self.temp = folder / "work", folder / "temp"
        self.work.mkdir()
        (self.temp / "curate" / "bin").mkdir(parents=True)
        self.log, self.output = folder / "log", folder / "output"
        self.log.touch()
        self.output.touch()
        self.summary = folder / "summary"
        self.python = folder / "python"
        self.python.write_text(FAKE_PYTHON)
        self.python.chmod(0o755)
        for name in ("first", "switch"):
            shutil.copytree(ROOT / "examples" / name, self.work / name)
        corpus = self.work / "first" / "corpus.jsonl"
        lines = corpus.read_text("utf-8").splitlines(keepends=True)
        del lines[79]  # is cut off: not everything could be judged
        corpus.write_text("".join(lines), "utf-8")

    def put_curate(self) -> None:
        """What the step `install` would have made."""
        curate = self.temp / "curate" / "bin" / "curate"
        curate.write_text(f'#!/bin/bash\nexec "{sys.executable}" -m curate "$@"\n')
        curate.chmod(0o755)

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        (step,) = [each for each in STEPS if each.get("id") == name]
        known = {key: str(each.get("default", "")) for key, each in ACTION["inputs"].items()}
        assert inputs.keys() <= known.keys()
        values = {f"inputs.{key}": value for key, value in (known | inputs).items()}
        values |= {
            "github.action_path": "/actions/curate",
            "steps.python.outputs.python-path": str(self.python),
        }
        given = {
            key: EXPRESSION.sub(lambda match: values[match[1]], value)
            for key, value in step["env"].items()
        }
        return subprocess.run(
            [SHELL, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.work, capture_output=True, text=True, check=False,
            env=os.environ | given | {
                "RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary), "LOG": str(self.log),
            },
        )  # fmt: skip

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


GATE = {"files": "first/corpus.jsonl", "plan": "first/plan.yaml"}


def test_no_expression_stands_in_shell_code():
    shells = [step for step in STEPS if "run" in step]
    assert len(shells) == 2
    for step in shells:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_is_used_and_every_used_one_declared():
    text = json.dumps(ACTION["runs"])
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    ids = {step.get("id") for step in STEPS}
    told = text + json.dumps(ACTION["outputs"])
    assert set(re.findall(r"steps\.(\w+)\.", told)) <= ids


class TestInstall:
    @pytest.mark.parametrize(
        ("inputs", "packages"),
        [
            ({}, ["/actions/curate"]),
            ({"extras": "fast,judge"}, ["/actions/curate[fast,judge]"]),
            ({"version": "0.1.0", "extras": "fast"}, ["sft-curate[fast]==0.1.0"]),
            ({"plugins": "one\n\n  two==2 \n"}, ["/actions/curate", "one", "two==2"]),
        ],
        ids=["checkout", "extras", "version", "plugins"],
    )
    def test_what_is_installed(self, runner: Runner, inputs, packages):
        assert runner.run("install", **inputs).returncode == 0
        made, installed = runner.log.read_text().split("-m\npip\n")
        assert made.splitlines() == ["-m", "venv", str(runner.temp / "curate")]
        assert installed.splitlines() == ["install", "--quiet", "--", *packages]

    @pytest.mark.parametrize("value", HOSTILE)
    @pytest.mark.parametrize("name", ["version", "extras", "plugins"])
    def test_hostile_inputs_stay_one_argument(self, runner: Runner, name: str, value: str):
        assert runner.run("install", **{name: value}).returncode == 0
        assert not list(runner.work.glob("pwned"))
        *options, last = runner.log.read_text().split("install\n")[1].splitlines()
        assert options[:2] == ["--quiet", "--"]
        assert value in last


class TestGate:
    def test_annotations_a_failure_and_outputs(self, runner: Runner):
        runner.put_curate()
        done = runner.run("gate", **GATE)
        assert done.returncode == 1
        assert "::error file=first/corpus.jsonl,line=" in done.stdout
        report = runner.temp / "curate-gate.github"
        assert runner.outputs == {"exit-code": "1", "report": str(report)}
        assert runner.summary.exists()

    def test_what_passes(self, runner: Runner):
        runner.put_curate()
        done = runner.run("gate", files="switch/clean.jsonl", plan="first/plan.yaml")
        assert (done.returncode, runner.outputs["exit-code"]) == (0, "0"), done.stdout

    def test_sarif_is_written_for_the_upload(self, runner: Runner):
        runner.put_curate()
        done = runner.run("gate", **GATE, format="sarif", sarif="true")
        assert done.returncode == 1
        told = json.loads(Path(runner.outputs["report"]).read_text())
        assert told["version"] == "2.1.0"
        assert told["runs"][0]["results"]

    def test_several_files_policy_baseline_and_output(self, runner: Runner):
        runner.put_curate()
        (runner.work / "policy.yaml").write_text("version: 1\nrules: [hits.private == 0]\n")
        files = "first/*.jsonl\n\nswitch/clean.jsonl\n"
        inputs = GATE | {"files": files, "policy": "policy.yaml", "format": "json"}
        assert runner.run("gate", **inputs, output="gate.json").returncode == 1
        rules = json.loads((runner.work / "gate.json").read_text())["rules"]
        assert [rule["rule"] for rule in rules if rule["state"] == "failed"] == [
            "hits.private == 0"
        ]
        accept = ["baseline", "first/corpus.jsonl", "switch/clean.jsonl", "--output", "known.json"]
        options = ["--plan", "first/plan.yaml", "--policy", "policy.yaml"]
        subprocess.run(
            [sys.executable, "-m", "curate", *accept, *options],
            cwd=runner.work, check=True, capture_output=True,
        )  # fmt: skip
        assert runner.run("gate", **inputs, baseline="known.json").returncode == 0

    @pytest.mark.parametrize(
        ("inputs", "told"),
        [
            ({"files": " \n "}, "files: names nothing"),
            (GATE | {"sarif": "true"}, "needs format: sarif"),
            (GATE | {"output": "a\nexit-code=0"}, "output: must be one line"),
        ],
        ids=["no files", "no sarif", "two lines"],
    )
    def test_inputs_that_cannot_be(self, runner: Runner, inputs, told: str):
        runner.put_curate()
        done = runner.run("gate", **inputs)
        assert done.returncode == 2
        assert told in done.stdout
        assert runner.outputs == {}

    @pytest.mark.parametrize("value", HOSTILE)
    def test_hostile_inputs_are_names_of_files(self, runner: Runner, value: str):
        curate = runner.temp / "curate" / "bin" / "curate"
        curate.write_text('#!/bin/bash\nprintf "%s\\n" "$@" >> "$LOG"\nexit 3\n')
        curate.chmod(0o755)
        names = ("files", "plan", "policy", "baseline", "format", "output")
        done = runner.run("gate", **dict.fromkeys(names, value))
        assert (done.returncode, runner.outputs) == (3, {"exit-code": "3"})
        assert not list(runner.work.glob("pwned"))
        options = ["--format", "--output", "--plan", "--policy", "--baseline"]
        expected = [word for option in options for word in (option, value)]
        assert runner.log.read_text().splitlines() == ["gate", *expected, "--", value]
