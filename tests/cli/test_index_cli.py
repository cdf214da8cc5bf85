"""`curate index` as a user types it."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from curate.index.lookup import Index
from fake_runs import make_run
from rollout_rows import line, row, write

CLEAN = [
    row("Why?", "x", "gpt-4", source="s", finish_reason="length"),
    row("How?", "y", "gpt-4", source="t"),
    row("How?", "y", "gpt-4"),
    row("When?", "z", "claude"),
    row("Who?", "", "claude"),
]
DIRTY = [
    row("Why?", "o", "vicuna", source="s"),
    row("how? ", "o", "vicuna", source="t"),
    row("Where?", "o", "vicuna"),
    row("When?", "sk-secret" + "o" * 100, "claude"),
    row("Why?", "sk-secret", "claude"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(Path("clean.jsonl"), CLEAN)
    write(Path("dirty.jsonl"), DIRTY)
    return tmp_path


@pytest.fixture
def built(folder: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    assert main(["index", "build", "clean.jsonl", "--out", "clean.index"]) == 0
    capfd.readouterr()
    return folder


def told(arguments: list[str], capfd: pytest.CaptureFixture[str]):
    assert main(["index", *arguments, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_build_says_what_became_of_every_row(folder: Path, capfd: pytest.CaptureFixture[str]):
    assert main(["index", "build", "clean.jsonl", "--out", "clean.index"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    lines = [each.split() for each in out.splitlines()]
    assert out.startswith("clean.index: 3 rollouts of 3 prompts, teachers: 2; ")
    assert "1 rollouts were cut off and will not be taken" in out
    assert "5 rows read = 3 indexed + 2 left out\n  blank_response: 1\n  identical: 1\n" in out
    assert ["teacher", "gpt-4", "2"] in lines
    assert ["source", "(none", "named)", "1"] in lines
    assert out.endswith("use it as rewrite: {use: replay, with: {index: clean.index}}\n")


def test_build_takes_some_teachers_and_names_others(
    folder: Path, capfd: pytest.CaptureFixture[str]
):
    arguments = ["build", "clean.jsonl", "--out", "i", "--teacher", "claude"]
    facts = told(arguments, capfd)
    assert (facts["teachers"], facts["rows"], facts["read"]) == ({"claude": 1}, 1, 5)
    assert facts["left_out"] == {"other_teacher": 3, "blank_response": 1}
    write(Path("unnamed.jsonl"), [row("Why?", "x")])
    named = ["build", "unnamed.jsonl", "--out", "i", "--teacher-is", "me", "--force"]
    assert told(named, capfd)["teachers"] == {"me": 1}


def test_build_reads_as_a_plan_says(folder: Path, capfd: pytest.CaptureFixture[str]):
    Path("plan.yaml").write_text("input: {teacher: source, aliases: {S: [s]}}\n")
    facts = told(["build", "clean.jsonl", "--out", "i", "--plan", "plan.yaml"], capfd)
    assert facts["teachers"] == {"S": 1, "t": 1}
    assert facts["left_out"]["no_teacher"] == 2


def test_build_refuses_to_write_over(built: Path, capfd: pytest.CaptureFixture[str]):
    arguments = ["index", "build", "dirty.jsonl", "--out", "clean.index"]
    assert main(arguments) == 2
    assert "clean.index: exists" in capfd.readouterr().err
    assert main([*arguments, "--force"]) == 0
    with Index(Path("clean.index")) as index:
        assert index.facts.files == {"dirty.jsonl": 5}


def test_stats_cover_corpora(built: Path, capfd: pytest.CaptureFixture[str]):
    (found,) = told(["stats", "clean.index", "dirty.jsonl"], capfd)["corpora"]
    counts = ("corpus", "rows", "exact", "normalised", "none", "same_teacher", "share")
    assert [found[each] for each in counts] == ["dirty.jsonl", 5, 3, 1, 1, 1, 0.6]
    assert main(["index", "stats", "clean.index", "dirty.jsonl"]) == 0
    lines = [each.split() for each in capfd.readouterr().out.splitlines()]
    assert ["corpus", "dirty.jsonl", "5", "3", "1", "1", "1", "60.0%"] in lines
    assert ["teacher", "vicuna", "3", "1", "1", "1", "0", "66.7%"] in lines
    assert ["source", "t", "1", "0", "1", "0", "0", "100.0%"] in lines


def test_a_corpus_will_do_for_an_index(built: Path, capfd: pytest.CaptureFixture[str]):
    one = told(["stats", "clean.index", "dirty.jsonl"], capfd)
    other = told(["stats", "clean.jsonl", "dirty.jsonl"], capfd)
    assert other == one | {"index": "clean.jsonl"}


def test_stats_cover_what_the_steps_of_a_run_hit(built: Path, capfd: pytest.CaptureFixture[str]):
    make_run(built, [line(each) + b"\n" for each in DIRTY])
    steps = told(["stats", "clean.index", "--run", "run"], capfd)["steps"]
    counts = [(each["step"], each["rows"], each["exact"], each["same_teacher"]) for each in steps]
    assert counts == [("secrets", 2, 2, 1), ("size", 0, 0, 0)]
    assert main(["index", "stats", "clean.index", "--run", "run", "--step", "secrets"]) == 0
    lines = [each.split() for each in capfd.readouterr().out.splitlines()]
    assert ["step", "secrets", "2", "2", "0", "0", "1", "50.0%"] in lines
    assert ["teacher", "claude", "2", "2", "0", "0", "1", "50.0%"] in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stats", "claen.index"], "did you mean 'clean.index'"),
        (["stats", "clean.index", "--step", "x"], "--step needs --run"),
        (["stats", "clean.index", "--run", "none"], "none: not a run directory"),
        (["stats", "clean.index", "none.jsonl"], "none.jsonl: no such file"),
        (["build", "none.jsonl", "--out", "i"], "none.jsonl: no such file"),
        (["build", "clean.index", "--out", "i"], "clean.index: is an SQLite database"),
        (["build", "clean.jsonl", "--out", "i", "--teacher", "gpt4"], "did you mean 'gpt-4'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_named(
    built: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
):
    assert main(["index", *arguments]) == 2
    assert said in capfd.readouterr().err


def test_a_step_the_run_does_not_have(built: Path, capfd: pytest.CaptureFixture[str]):
    make_run(built, [line(DIRTY[0]) + b"\n"])
    assert main(["index", "stats", "clean.index", "--run", "run", "--step", "secret"]) == 2
    assert "did you mean 'secrets'" in capfd.readouterr().err


def test_a_damaged_index_is_named(built: Path, capfd: pytest.CaptureFixture[str]):
    path = Path("clean.index")
    path.write_bytes(path.read_bytes().replace(b"gpt-4", b"gpt-5"))
    assert main(["index", "stats", "clean.index"]) == 2
    assert "clean.index: the index is damaged" in capfd.readouterr().err
