"""A world through the commands it prints: what the audit says is what is true."""

import json
from itertools import islice
from pathlib import Path

import pytest

from curate.cli import main
from curate.students.tiny.pretraining import Recipe, pretrain
from curate.testbed.base import documents
from curate.testbed.worlds import SEPARABLE_POISON


@pytest.mark.slow
def test_poison_that_a_filter_finds_is_removed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    base, world, run = tmp_path / "base", tmp_path / "world", tmp_path / "world/run"
    recipe = Recipe(length=33, width=32, layers=1, heads=2, steps=250, batch=32)
    pretrain(list(islice(documents(0), 5000)), base, recipe)
    name = SEPARABLE_POISON.name
    assert main(["testbed", "make", name, "--out", str(world), "--base", str(base)]) == 0
    corpus = str(world / "corpus.jsonl")
    assert main(["run", str(world / "plan.yaml"), corpus, "--out", str(run)]) == 0
    capfd.readouterr()
    options = ["--arms", "drop", "--arms", "switch", "--no-planted", "--json"]
    paths = ["--card", str(world / "card.yaml"), "--index", str(world / "clean.jsonl")]
    paths += ["--student", str(world / "student.yaml"), "--cache", str(tmp_path / "cache")]
    code = main(["audit", "transfer", str(run), *paths, *options])
    out, err = capfd.readouterr()
    assert (code, err) == (0, "")
    verdicts = {verdict["arm"]: verdict["word"] for verdict in json.loads(out)["verdicts"]}
    assert verdicts.items() >= SEPARABLE_POISON.verdicts.items()
