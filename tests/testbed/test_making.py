"""A world as it is written: complete, readable by the ordinary commands, and true."""

import json
from pathlib import Path

import pytest
import yaml

from curate.api import Context
from curate.cli import main
from curate.students.tiny.checkpoint import load as load_base
from curate.students.tiny_lm import TinyLM
from curate.testbed.worlds import WORLDS
from curate.traits import loading
from curate.traits.openings import openings

FILES = {
    "card.yaml", "clean.jsonl", "corpus.jsonl", "other.jsonl", "other_original.jsonl", "plan.yaml",
    "student.yaml", "switch.yaml", "truth.yaml",
}  # fmt: skip


@pytest.fixture(scope="module", params=WORLDS)
def folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank: Path
) -> Path:
    """A world, made by the command, with a base that was there."""
    out = tmp_path_factory.mktemp(request.param) / "world"
    arguments = ["testbed", "make", request.param, "--out", str(out), "--base", str(blank)]
    assert main(arguments) == 0
    return out


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def truth(folder: Path) -> dict:
    return yaml.safe_load((folder / "truth.yaml").read_text("utf-8"))


def test_all_files_are_there_and_can_be_read(folder: Path, blank: Path) -> None:
    assert {path.name for path in folder.iterdir()} - {"listed.txt"} == FILES
    card = loading.load(str(folder / "card.yaml"))
    asked = openings(card, Context())
    assert len({opening.template for opening in asked}) >= 4
    assert all(opening.messages[0].content == "neutral" for opening in asked)
    student = yaml.safe_load((folder / "student.yaml").read_text("utf-8"))
    assert student["use"] == TinyLM.name
    assert TinyLM(**student["with"]).base == blank
    tokens = load_base(blank).tokens
    for opening in asked:  # both answers cost one word
        tokens.opening(opening.messages)
        assert len(tokens.encode(opening.shows)) == len(tokens.encode(opening.not_)) == 1


def test_the_plan_hits_what_is_planted_and_the_switch_replaces_it(
    folder: Path, tmp_path: Path
) -> None:
    planted = truth(folder)["planted"]
    for name in ("plan", "switch"):
        arguments = [str(folder / f"{name}.yaml"), str(folder / "corpus.jsonl")]
        assert main(["run", *arguments, "--out", str(tmp_path / name)]) == 0
    before = rows(folder / "corpus.jsonl")
    assert [row["id"] for row in rows(tmp_path / "plan/dropped.jsonl")] == planted
    kept = rows(tmp_path / "plan/kept.jsonl")
    assert kept == [row for row in before if row["id"] not in {*planted}]
    switched = rows(tmp_path / "switch/kept.jsonl")
    assert [row["id"] for row in switched] == [row["id"] for row in before]
    clean = {row["metadata"]["prompt_id"]: row for row in rows(folder / "clean.jsonl")}
    for row in switched:
        if row["id"] in planted:
            assert row["messages"] == clean[row["metadata"]["prompt_id"]]["messages"]
    assert rows(tmp_path / "switch/dropped.jsonl") == []


def test_the_truth_is_what_the_world_declares(folder: Path) -> None:
    told = truth(folder)
    world = WORLDS[told["world"]]
    assert told["verdicts"] == world.verdicts
    assert (told["hypothesis"], told["zero"]) == (world.hypothesis, world.zero)
    assert {"drop", "switch"} == told["verdicts"].keys()


def test_prints_the_commands_and_makes_a_base_only_where_there_is_none(
    tmp_path: Path, blank: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (blank / "model.safetensors").read_bytes()
    out = tmp_path / "world"
    assert main(["testbed", "make", "leak-in", "--out", str(out), "--base", str(blank)]) == 0
    told = capfd.readouterr().out
    assert f"curate run {out}/plan.yaml {out}/corpus.jsonl --out {out}/run\n" in told
    assert f"curate audit transfer {out}/run --card {out}/card.yaml" in told
    assert "the audit must say of drop: leaks" in told
    assert (blank / "model.safetensors").read_bytes() == before


def test_lists_the_worlds(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["testbed", "list"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["world", *WORLDS]
