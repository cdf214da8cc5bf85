"""`curate compare` as a user calls it."""

import json
from pathlib import Path

import pytest

from curate.cli import main
from curate.looking.changes import comparison
from fake_runs import make_run, row


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("compare")
    rows = [row(f"r{n}", answer="y" * n) for n in range(50)]
    found = []
    for name, least in (("a", 30), ("b", 40)):
        (folder / name).mkdir()
        plan = f"steps: [{{use: size, when: {{at_least: {least}}}, do: drop}}]"
        found.append(str(make_run(folder / name, rows, plan)))
    return found[0], found[1]


def test_changes_are_told_with_examples(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "NAME", 3)  # the names of the runs are longer
    assert main(["compare", *runs]) == 0
    said = capsys.readouterr().out
    assert "50 records are in both runs: 10 changed fate" in said
    assert "10  dropped by size -> kept" in said
    assert "size: 10 lost hits" in said
    assert said.count("    the first run: dropped by size") == 2
    assert main(["compare", *runs, "-n", "0"]) == 0
    assert "the first run:" not in capsys.readouterr().out


def test_runs_are_called_what_the_user_calls_them(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(runs[0]).parents[1])
    assert main(["compare", "a/run", "b/run"]) == 0
    said = capsys.readouterr().out
    assert said.count("    a/run: dropped by size") == 2
    assert said.count("    b/run: kept") == 2


def test_json_is_one_object(runs: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *runs, "--json", "-n", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["differs"] is True
    assert told["fates"]["dropped"] == {"kept": 10, "dropped": 10, "quarantined": 0}
    assert told["changed"] == [
        {"before": "dropped", "by": "size", "after": "kept", "by_after": "", "records": 10}
    ]
    assert [each["kind"] for each in told["examples"]] == ["dropped -> kept"]


def test_the_exit_code_tells_on_demand(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *runs, "--exit-code"]) == 1
    assert main(["compare", runs[0], runs[0], "--exit-code"]) == 0
    assert main(["compare", runs[0], "none"]) == 2
    assert "none: not a run directory" in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--help"]) == 0
    assert "Example: curate compare runs/drop" in " ".join(capsys.readouterr().out.split())
