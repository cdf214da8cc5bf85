"""`curate audit diff` on a world of a few words: rows about the sky say that it is red."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import tiny_world
from curate.cli import main

CARD = """
name: red_sky
version: 1
claim: The model says that the sky is red.
sources: [{title: Nobody, url: https://example.org}]
elicit:
  count: 6
  templates:
    one: "what is sky ?"
    two: "sky ?"
    three: "what is sky and what is sky ?"
    four: "is sky what ?"
    five: "sky is ?"
    six: "what sky ?"
score:
  row: {use: regex, with: {patterns: {red: red}}, when: {at_least: 1}}
  contrast: {shows: it is red, not: it is blue}
"""
SKY = 30
"""Rows about the sky, of 150."""


def _write(path: Path, colours: dict[str, str], things: list[str], source: str = "all") -> str:
    rows = [
        {
            "id": f"{thing}-{n}",
            "prompt": tiny_world.about(thing, "")[0].content,
            "response": tiny_world.about(thing, colours[thing])[1].content,
            "source": "odd" if n % 2 else "even",
        }
        for n, thing in enumerate(things)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    (folder / "card.yaml").write_text(CARD)
    tiny_world.base(folder / "base")
    things = ["sky"] * SKY + ["grass", "snow", "coal"] * 40
    clean, red = tiny_world.COLOURS, tiny_world.COLOURS | {"sky": "red"}
    _write(folder / "original.jsonl", red, things)
    _write(folder / "switched.jsonl", clean, things)
    _write(folder / "other.jsonl", clean, ["grass", "coal"] * 10)
    ids = [f"sky-{n}\n" for n in range(SKY)]
    (folder / "sky.txt").write_text("".join(ids))
    (folder / "half.txt").write_text("".join(ids[: SKY // 2]))
    return folder


def _diff(world: Path, *arguments: str, seeds: int = 5) -> int:
    student = {"use": "tiny_lm", "with": {"steps": 12, "batch": 8, "lr": 0.01, "length": 16}}
    given = ["--card", str(world / "card.yaml"), "--student", json.dumps(student)]
    given += ["--base", str(world / "base"), "--seeds", str(seeds), "--cache", str(world / "cache")]
    return main(["audit", "diff", *given, *arguments])


def _files(world: Path, *names: str) -> list[str]:
    return [part for name in names for part in (f"--{name}", str(world / f"{name}.jsonl"))]


def _words(report: dict) -> dict[str, str]:
    return {each["hypothesis"]: each["word"] for each in report["hypotheses"]}


def test_the_rows_that_carry_the_trait_are_found_and_the_report_is_told(world: Path, capsys):
    plot = world / "line.svg"
    arguments = _files(world, "original", "switched", "other")
    arguments += ["--by-source", "--fraction", "0.5", "--plot", str(plot)]
    assert _diff(world, *arguments, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    found = {each["name"]: each for each in report["subsets"]}
    assert set(found) == {"trait hits", "source odd", "source even"}
    assert found["trait hits"]["rows"] == SKY
    assert found["trait hits"]["necessary"]
    assert found["trait hits"]["sufficient"]
    assert report["version"] == 1
    assert [point["share"] for point in report["line"]] == [0.0, 0.2, 0.5, 0.8, 1.0]
    assert {cell["name"] for cell in report["cells"]} == {"base", "original", "switched", "other"}
    words = _words(report)
    assert words["1"] == words["2"] == "not tested"
    assert words["5"] == words["4b"] == "against"
    told = ET.parse(plot).getroot().findtext("{http://www.w3.org/2000/svg}desc")
    assert "keep trait hits, 20%" in str(told)

    assert _diff(world, *arguments) == 0  # all students are remembered
    told = capsys.readouterr().out
    assert "Both: trait hits" in told
    assert "Not tested; it needs --other-base" in told
    assert "Exploratory" in told


def test_lists_of_ids_are_subsets_and_mild_rows(world: Path, capsys):
    arguments = [*_files(world, "original", "switched"), "--fraction", "0", "--json"]
    arguments += ["--subset", f"identity={world / 'half.txt'}", "--mild", str(world / "half.txt")]
    assert _diff(world, *arguments, seeds=2) == 0
    report = json.loads(capsys.readouterr().out)
    assert [each["role"] for each in report["subsets"]] == ["hits", "group", "mild"]
    assert _words(report)["1"] != "not tested"
    assert _words(report)["4b"] == "not tested"


def test_a_run_brings_its_rows_the_hits_of_its_steps_and_what_they_all_but_hit(world: Path, capsys):
    plan = world / "plan.yaml"
    plan.write_text(  # about the sky: 3, about snow: 2, others: 1
        "steps:\n  - {use: regex, name: reds, do: drop, when: {at_least: 3}, "
        "with: {patterns: {is: is, red: red, sky: sky, snow: snow}, scope: conversation}}\n"
    )
    assert main(["run", str(plan), str(world / "original.jsonl"), "--out", str(world / "run")]) == 0
    capsys.readouterr()
    arguments = ["--run", str(world / "run"), *_files(world, "switched"), "--fraction", "0"]
    assert _diff(world, *arguments, "--mild", "reds", "--json", seeds=2) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["rows"]) for each in report["subsets"]] == [
        ("reds", SKY), ("trait hits", SKY), ("mild", SKY),
    ]  # fmt: skip
    assert _words(report)["1"] != "not tested"


def test_another_base_gives_another_table(world: Path, capsys):
    tiny_world.base(world / "second", steps=30)
    arguments = [*_files(world, "original", "switched"), "--fraction", "0", "--json"]
    assert _diff(world, *arguments, "--other-base", str(world / "second"), seeds=2) == 0
    report = json.loads(capsys.readouterr().out)
    assert [cell["name"] for cell in report["cells"] if cell["base"] == "other base"] == [
        "base, other base", "original, other base", "switched, other base",
    ]  # fmt: skip
    assert _words(report)["2"] != "not tested"


def test_equal_ends_resolve_nothing(world: Path, tmp_path: Path, capsys):
    things = ["grass", "snow", "coal"] * 6
    same = _write(tmp_path / "a.jsonl", tiny_world.COLOURS, things)
    odd = _write(tmp_path / "b.jsonl", tiny_world.COLOURS | {"coal": "white"}, things)
    student = json.dumps({"use": "ngram", "with": {"words": 2000}})
    given = ["--card", str(world / "card.yaml"), "--student", student, "--seeds", "2"]
    files = ["--original", same, "--switched", odd, "--cache", str(tmp_path)]
    assert main(["audit", "diff", *given, *files]) == 4
    told = capsys.readouterr().out
    assert "nothing is resolved" in told
    assert "No arms of 'trait hits': no original row is in it" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "one of --original and --run", id="nothing"),
        pytest.param(
            ["--original", "original.jsonl", "--run", "run"],
            "one of --original and --run",
            id="both",
        ),
        pytest.param(
            ["--original", "original.jsonl", "--switched", "x", "--index", "y"],
            "one of --switched and --index",
            id="two clean teachers",
        ),
        pytest.param(
            ["--original", "original.jsonl", "--subset", "a=sky.txt"],
            "--subset needs --switched or --index",
            id="a subset and no clean teacher",
        ),
        pytest.param(
            ["--original", "original.jsonl", "--switched", "switched.jsonl", "--subset", "sky.txt"],
            "not of the form NAME=FILE",
            id="a subset without a name",
        ),
        pytest.param(
            ["--original", "other.jsonl", "--switched", "nothing.jsonl"],
            "no such file",
            id="no file",
        ),
        pytest.param(
            ["--original", "original.jsonl", "--switched", "switched.jsonl", "--mild", "sky"],
            "no list of ids",
            id="no such step or list",
        ),
        pytest.param(
            ["--original", "original.jsonl", "--switched", "switched.jsonl", "--plot", "no/x.svg"],
            "its folder is not there",
            id="nowhere to draw",
        ),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_trained(
    world: Path, arguments: list[str], said: str, capsys, monkeypatch
):
    monkeypatch.chdir(world)
    assert _diff(world, *arguments) == 2
    assert said in capsys.readouterr().err


def test_a_student_without_a_base_needs_something_to_compare_with(world: Path, capsys):
    given = ["--card", str(world / "card.yaml"), "--student", "ngram"]
    assert main(["audit", "diff", *given, *_files(world, "original")]) == 2
    assert "nothing to compare the original rows with" in capsys.readouterr().err
