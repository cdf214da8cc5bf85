"""The example's policy over the example's corpus, in numbers counted by hand from its run."""

import json
from pathlib import Path

import pytest

from curate.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ARGUMENTS = [
    str(EXAMPLES / "first/corpus.jsonl"),
    "--plan", str(EXAMPLES / "first/plan.yaml"),
    "--policy", str(EXAMPLES / "gate/policy.yaml"),
    "--workers", "1",
]  # fmt: skip


def test_the_policy_fails_on_the_planted_secrets(capsys: pytest.CaptureFixture[str]):
    assert main(["gate", *ARGUMENTS, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    counts = {rule["rule"]: (rule["state"], rule["count"]) for rule in told["rules"]}
    assert counts["hits.private == 0"] == ("failed", 8)
    assert counts["teacher.unknown <= 1"] == ("failed", 2)
    assert sum(state == "failed" for state, _ in counts.values()) == 2
    assert told["counts"] == {
        "read": 120, "kept": 85, "dropped": 34, "quarantined": 1, "unreadable": 1,
    }  # fmt: skip
    assert {finding["step"] for finding in told["findings"]} == {"private", "(teacher)"}


def test_with_a_baseline_it_passes(tmp_path: Path):
    known = str(tmp_path / "known.json")
    assert main(["baseline", *ARGUMENTS, "--output", known]) == 0
    assert main(["gate", *ARGUMENTS, "--baseline", known]) == 0
