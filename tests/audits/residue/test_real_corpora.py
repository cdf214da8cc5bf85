"""A run over real answers: what the filter missed comes out on top."""

import json
import re
from pathlib import Path

import pytest

from curate.cli import main

PLAN = "steps:\n  - {use: trait, with: {card: refusal}, do: drop}\n"
REFUSES = re.compile(
    r"\bI (?:cannot|can't|can not|apologize|am not able)|not (?:ethical|appropriate)"
)


def test_refusals_that_the_card_missed_are_ranked_first(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, run = tmp_path / "plan.yaml", tmp_path / "run"
    plan.write_text(PLAN, encoding="utf-8")
    corpus = data_dir / "corpora" / "just_eval.Llama-2-7b-chat-hf.jsonl"
    assert main(["run", str(plan), str(corpus), "--out", str(run)]) == 0
    capsys.readouterr()
    assert main(["audit", "residue", str(run), "-n", "716", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not told["masses"][0]["graded"]
    found = told["probe"]
    assert found["auroc"][1] > 0.95
    assert found["by_length"] < 0.8
    ranked = [bool(REFUSES.search(each["text"])) for each in found["likeliest"]]
    assert sum(ranked[:20]) >= 12
    assert sum(ranked[:120]) >= 0.75 * sum(ranked)
