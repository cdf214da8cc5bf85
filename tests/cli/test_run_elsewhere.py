"""`curate run --executor NAME`, from the command to the files, by a plugin that is installed."""

import json
from pathlib import Path

import pytest

import unsteady_executor
from checks import files_of, rows, write
from curate.cli import main

PLAN = """
steps:
  - {use: regex, with: {patterns: {even: "[02468] $"}}, do: flag}
  - {use: duplicates, do: drop}
  - {use: regex, name: late, with: {patterns: {late: late}}, do: drop}
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of six segments, and some of them again."""
    folder = tmp_path_factory.mktemp("corpus")
    lines = rows(9_000, **{f"r{n}": "late" for n in range(0, 9_000, 11)})
    (folder / "plan.yaml").write_text(PLAN)
    write(folder / "c.jsonl", *lines, *lines[:2_500])
    return folder


@pytest.fixture(scope="module")
def here(corpus: Path) -> dict[str, bytes]:
    """The files of a run on this machine."""
    assert run(corpus, corpus / "here", "--executor", "threads") == 0
    return files_of(corpus / "here")


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "unsteady-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: unsteady\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[curate.plugins]\nunsteady = unsteady_executor\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(unsteady_executor, "LOST", [])


def run(corpus: Path, out: Path, *options: str) -> int:
    return main(
        ["run", str(corpus / "plan.yaml"), str(corpus / "c.jsonl"), "--out", str(out), *options]
    )


def test_answers_in_any_order_make_the_same_files(
    corpus: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    assert run(corpus, tmp_path / "out", "--executor", "unsteady") == 0
    assert files_of(tmp_path / "out") == here
    assert unsteady_executor.LOST == [0]
    counts = json.loads(here["run.json"])["counts"]
    assert (counts["read"], counts["dropped"]) == (11_500, 2_500 + 819)


def test_items_of_lost_machines_are_done_again_elsewhere(
    corpus: Path, here: dict[str, bytes], tmp_path: Path
) -> None:
    spec = tmp_path / "executor.yaml"
    spec.write_text("use: unsteady\nwith: {losing: 3}\n")
    assert run(corpus, tmp_path / "out", "--executor", str(spec)) == 0
    assert files_of(tmp_path / "out") == here
    # six segments in two stages, and nothing of the last one, all repeats, is left for the second
    assert unsteady_executor.LOST == [11 // 3]


def test_one_that_is_not_installed_is_refused_with_what_is(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(corpus, tmp_path / "out", "--executor", "unsteddy") == 2
    told = capsys.readouterr().err
    assert "no executor named 'unsteddy'" in told
    assert "did you mean 'unsteady'" in told
    assert not (tmp_path / "out").exists()
