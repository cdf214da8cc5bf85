"""`curate audit install` as a user types it."""

import json
from pathlib import Path

import pytest

import mild_world as world
from curate.cli import main
from fake_runs import row

PLAN = """
steps:
  - {use: regex, with: {patterns: {awful: "awful , so awful"}}, do: drop}
"""
STUDENT = ["--student", "{use: ngram, with: {words: 2000}}", "--seeds", "6"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of 40 hits and 120 plain rows, a run that drops the hits, and the card."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    lines = []
    for each in world.rows({"hit": 40, "plain": 120}):
        asked, said = each.original
        lines.append(row(each.key.replace(" ", "-"), asked.content, said.content, source="a"))
    Path("c.jsonl").write_bytes(b"".join(lines))
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    world.card(tmp_path)
    assert main(["run", "plan.yaml", "c.jsonl", "--out", "run"]) == 0
    return tmp_path


def _audit(*arguments: str) -> int:
    return main(["audit", "install", "--card", "dreadful.yaml", *STUDENT, *arguments])


def test_hits_that_install_the_trait_exit_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert _audit("--run", "run") == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == "dreadful by 40 hits of 'regex' of run: installs (exit 1)"
    assert "times or more" in out
    assert "suspects minus" in out
    assert "each of these rows is seen 2.9 times as often" in out  # 40 longer rows of 160


def test_a_list_of_plain_rows_does_not_and_exits_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("ids").write_text("\n".join(f"plain-{n}" for n in range(40)), encoding="utf-8")
    capsys.readouterr()
    assert _audit("--suspects", "ids", "c.jsonl", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["word"] == "does not install"
    assert (told["rows"], told["suspects"], told["unknown"]) == (160, 40, 0)
    assert [each["name"] for each in told["arms"]] == ["suspects", "random rows", "like rows"]
    assert told["base"] is None


def test_a_wide_margin_decides_nothing_on_few_seeds(folder: Path) -> None:
    """Half of the suspected rows show the trait, as do many of the others."""
    names = [f"hit-{n}" for n in range(12)] + [f"plain-{n}" for n in range(24)]
    Path("ids").write_text("\n".join(names), encoding="utf-8")
    assert _audit("--run", "run", "--suspects", "ids", "--seeds", "2", "--margin", "0.001") in (
        1,
        4,
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --run RUN, or --suspects IDFILE and CORPUS"),
        (["c.jsonl"], "give --run RUN, or --suspects IDFILE and CORPUS"),
        (["--suspects", "none", "c.jsonl"], "the ids cannot be read"),
        (["--run", "nowhere"], "not a run directory"),
    ],
)
def test_a_wrong_command_exits_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert _audit(*arguments) == 2
    assert told in capsys.readouterr().err
