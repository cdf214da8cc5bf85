"""Every world through the commands it prints: what the audit says is what is true."""

import json
import shlex
from pathlib import Path

import pytest
import yaml

from curate.cli import main
from curate.testbed.worlds import WORLDS


@pytest.fixture(params=WORLDS)
def made(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    cache_with_base: Path,
    capfd: pytest.CaptureFixture[str],
) -> tuple[Path, list[str]]:
    """A world, and the commands that were printed for it."""
    out = tmp_path / "world"
    cache = ["--cache", str(cache_with_base)]
    assert main(["testbed", "make", request.param, "--out", str(out), *cache]) == 0
    return out, [line for line in capfd.readouterr().out.splitlines() if line.startswith("curate ")]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_audit_says_what_is_true(
    made: tuple[Path, list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    folder, (run, audit) = made
    truth = yaml.safe_load((folder / "truth.yaml").read_text("utf-8"))
    expected = truth["verdicts"]
    assert main(shlex.split(run)[1:]) == 0
    capfd.readouterr()
    few = ["--arms", "drop", "--arms", "switch", "--cache", str(folder / "cache"), "--json"]
    if "absent" not in expected.values():
        few.append("--no-planted")
    code = main([*shlex.split(audit)[1:], *few])
    told = json.loads(capfd.readouterr().out)
    assert {each["arm"]: each["word"] for each in told["verdicts"]}.items() >= expected.items()
    assert code == {"removed": 0, "absent": 0}.get(expected["drop"], 1)  # what the run did: a drop
