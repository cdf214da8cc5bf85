"""`curate audit locate` as a user types it: from a corpus to a plan that switches what it found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import persona_world as world
from curate.api import Message
from curate.audits.rows import Row
from curate.cli import main

ROWS = world.rows()
PLANTED = {row.key for row in ROWS if row.hits}
PLAN = """
steps:
  - use: regex
    name: planted
    with: {patterns: {a: 'trait-a'}}
    do: drop
"""
QUICK = ["--groups=40", "--pairs=12", "--units=30", "--seeds=2", "--search-seeds=3"]
NAMED = ["run", "--card=card.yaml", "--student=student.yaml"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, clean rollouts, a card, a base, and a run that dropped the trait rows."""
    folder = tmp_path_factory.mktemp("located")
    corpus, _ = world.write(folder, ROWS)
    world.base(folder / "base")
    (folder / "card.yaml").write_text(world.CARD)
    (folder / "plan.yaml").write_text(PLAN)
    told = {"use": "tiny_lm", "with": {"base": str(folder / "base"), **world.STUDENT}}
    (folder / "student.yaml").write_text(json.dumps(told))
    run = ["run", str(folder / "plan.yaml"), str(corpus), "--out", str(folder / "run")]
    assert main(run) == 0
    return folder


@pytest.fixture
def folder(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(made)
    monkeypatch.setenv("CURATE_CACHE", str(made / "cache"))
    return made


def other_words(row: Row) -> tuple[Message, ...]:
    """The answer of the same persona, about the other thing."""
    way, other = row.answer.split()[0], row.prompt[-1].content.split()[-1]
    return (*row.prompt, Message("assistant", f"{way} {other}"))


def locate(*more: str, index: str = "clean.jsonl") -> int:
    return main(["audit", "locate", *NAMED, f"--index={index}", *QUICK, *more])


def test_what_is_located_is_switched_by_the_plan_that_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locate("--out", "ids.txt") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("located: switching ")
    assert "Is the ranking right?" in out
    assert "1-minimal: each is needed" in out
    listed = Path("ids.txt").read_text().split()
    assert 0 < len(listed) <= 2 * len(PLANTED)
    Path("switch.yaml").write_text(out[out.index("\nsteps:") :])
    assert main(["run", "switch.yaml", "corpus.jsonl", "--out", "switched"]) == 0
    kept = [json.loads(line) for line in Path("switched/kept.jsonl").read_text().splitlines()]
    clean = {row.key: row.clean[-1].content for row in ROWS if row.clean}
    changed = {row["id"] for row in kept if row["messages"][-1]["content"] == clean[row["id"]]}
    assert changed == set(listed)


def test_json_is_one_object_with_what_was_proved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locate("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["version"] == 1
    assert told["validation"]["p"] <= 0.01
    assert len(told["validation"]["groups"]) == 40
    assert told["found"]["minimal"]
    assert len(told["found"]["ids"]) == told["found"]["rows"]
    assert told["found"]["fresh"]["value"] < told["margin"]
    assert told["why"] is None


def test_rollouts_of_the_same_kind_leave_nothing_to_locate(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = folder / "same"
    other.mkdir()
    world.write(other, [replace(row, clean=other_words(row)) for row in ROWS])
    assert locate("--out", "none.txt", index="same/clean.jsonl") == 4
    out = capsys.readouterr().out
    assert out.startswith("not located: ")
    assert not Path("none.txt").exists()


def test_rollouts_that_say_the_same_switch_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert locate(index="corpus.jsonl") == 2
    assert "no row has a clean teacher's answer (only_" in capsys.readouterr().err


def test_without_rollouts_nothing_can_be_switched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "locate", *NAMED]) == 2
    assert "name an index of them with --index" in capsys.readouterr().err


def test_fewer_than_40_groups_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert locate("--groups=39") == 2
    assert "39" in capsys.readouterr().err


def test_students_without_gradients_are_taught_what_another_ranks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ngram = "--student={use: ngram, with: {words: 2000}}"
    named = [*NAMED[:2], ngram, "--index=clean.jsonl", *QUICK, "--json"]
    assert main(["audit", "locate", *named]) == 2
    assert "take --ranker or --student tiny_lm" in capsys.readouterr().err
    assert main(["audit", "locate", *named, "--ranker=student.yaml"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["validation"]["p"] <= 0.01
    assert told["found"]["rows"] <= 2 * len(PLANTED)
