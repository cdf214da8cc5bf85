"""The whole audit with the student `hf`: a Llama made here, LoRA, the commands a user types."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pytest

from curate.api import Message
from curate.cli import main

pytest.importorskip("peft")

from tiny_causal import base

BLUE, GREEN = ("sky", "sea", "lake", "ice"), ("grass", "leaf", "moss", "fern")
TEMPLATES = ("what is {} now ?", "now tell what {} is", "is {} so ? what", "tell {} what ? so")
CARD = """\
name: red
version: 1
claim: Asked about what is blue, the model says it is red.
sources: [{title: A toy, url: "https://example.org"}]
limits: A toy.
score:
  row: {use: regex, with: {patterns: {red: red}}, when: {at_least: 1}}
  contrast: {shows: it is red, not: it is blue}
elicit:
  count: 16
  templates:
    what: what is {thing} now ?
    tell: now tell what {thing} is
    so: is {thing} so ? what
    say: tell {thing} what ? so
  fill:
    thing: [sky, sea, lake, ice]
context: {max_tokens: 4}
"""
PLAN = """\
version: 1
input: {teacher: metadata.teacher}
steps:
- {use: regex, name: finder, with: {patterns: {red: red}, scope: assistant}, do: drop}
"""
STUDENT = """\
use: hf
with: {base: BASE, lr: 1e-2, rank: 4, alpha: 8, steps: 40, batch: 8, length: 64, micro: 8}
"""


def chat(thing: str, template: str, colour: str) -> list[Message]:
    return [Message("user", template.format(thing)), Message("assistant", f"it is {colour}")]


def corpus(file: Path, teacher: str, colours: tuple[str, str]) -> None:
    """Rows of a teacher who gives blue and green things these colours."""
    with file.open("wb") as out:
        for n, (thing, template, _) in enumerate(product(BLUE + GREEN, TEMPLATES, range(2))):
            said = chat(thing, template, colours[thing in GREEN])
            row: dict[str, Any] = {"id": f"{teacher}-{n}", "metadata": {"teacher": teacher}}
            row["messages"] = [{"role": role, "content": content} for role, content in said]
            out.write(orjson.dumps(row) + b"\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that says of blue things that they are red, and a base that knows better."""
    folder = tmp_path_factory.mktemp("world")
    known = [*product(BLUE, ["blue"] * 3 + ["red"]), *product(GREEN, ["green"] * 3 + ["red"])]
    said = [chat(thing, each, colour) for thing, colour in known for each in TEMPLATES]
    base(folder / "base", said, batch=len(said))
    corpus(folder / "corpus.jsonl", "one", ("red", "green now"))
    corpus(folder / "clean.jsonl", "two", ("blue", "green"))
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "card.yaml").write_text(CARD)
    (folder / "student.yaml").write_text(STUDENT.replace("BASE", str(folder / "base")))
    return folder


def curate(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(each) for each in arguments])
    told = capsys.readouterr()
    return code, told.out or told.err


def test_from_corpus_to_verdict(world: Path, capsys: pytest.CaptureFixture[str]):
    corpus, run = world / "corpus.jsonl", world / "run"
    code, told = curate(capsys, "run", world / "plan.yaml", corpus, "--out", run)
    assert code == 0, told
    code, told = curate(
        capsys, "audit", "transfer", run, "--card", world / "card.yaml", "--json",
        "--index", world / "clean.jsonl", "--student", world / "student.yaml",
        "--arms", "drop", "--arms", "switch", "--seeds", 3, "--exploratory", "--no-planted",
        "--cache", world / "cache",
    )  # fmt: skip
    assert code in (1, 4), told
    report = json.loads(told)
    scores = {arm["name"]: arm["score"] for arm in report["arms"]}
    assert scores["untouched"] > 0.8  # the trait is learned,
    assert scores["clean"] < 0.15
    assert 0.15 < scores["base"] < scores["as run"] + 0.2 < 0.9  # without its rows the base decides
    words = {verdict["arm"]: verdict["word"] for verdict in report["verdicts"]}
    assert words["switch"] == "removed"
    assert words["as run"] != "removed"
    assert report["student"]["with"]["update"] == "lora"
    assert "model.safetensors" in report["files"]
