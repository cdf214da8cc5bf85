"""`curate show` as a user calls it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rewritten_runs
from curate.cli import main
from fake_runs import SECRET, make_run, row


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n}", answer="word " * n * 10) for n in range(60)]
    rows[7] = row("leaky", answer=f"the key is {SECRET}\x1b[2J")
    rows[8] = b"{broken\n"
    return make_run(tmp_path_factory.mktemp("show"), rows)


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["show", *map(str, arguments)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_a_sample_of_five_is_shown_with_its_size(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, run)
    assert text.endswith("5 of 60 matching records, seed 0\n")
    assert sum(line.startswith("#") for line in text.splitlines()) == 5
    assert text == said(capsys, run)
    assert text != said(capsys, run, "--seed", 1)


def test_a_match_is_marked_masked_and_shown_on_demand(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, run, "--dropped", "--step", "secrets", "--reason", "api-key")
    assert "the key is «s•" in text
    assert "␛[2J" in text
    assert SECRET not in text
    assert "\x1b" not in text
    assert SECRET in said(capsys, run, "leaky", "--unmask")


def test_json_is_one_object_a_record_masked_too(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, run, "--json", "--dropped", "--quarantined").splitlines()
    leaky, broken = map(json.loads, lines)
    assert leaky["turns"][1]["text"].startswith("the key is s•")
    assert (leaky["fate"], leaky["by"], leaky["trail"][0]["reason"]) == (
        "dropped",
        "secrets",
        "api-key",
    )
    assert (broken["fate"], broken["reason"], broken["raw"]) == (
        "quarantined",
        "not_json",
        "{broken",
    )
    assert SECRET not in "".join(lines)
    assert SECRET in said(capsys, run, "--json", "leaky", "--unmask")
    assert "\x1b" not in said(capsys, run, "--json", "leaky", "--unmask")


def test_a_long_text_is_shortened_unless_asked_for(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "[… 2,050 characters left out …]" in said(capsys, run, "r59")
    assert "left out" not in said(capsys, run, "r59", "--full")


def test_nothing_that_matches_is_no_error(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, run, "--kept", "--step", "secrets") == "no record matches\n"
    assert said(capsys, run, "leaky", "--kept") == "no record matches\n"
    assert said(capsys, run, "leaky", "--kept", "--json") == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["leeky"], "no record 'leeky'; close: leaky"),
        (["--step", "secret"], "no step 'secret'; did you mean 'secrets'?"),
        (["--reason", "api_key"], "no step gave the reason 'api_key'; did you mean 'api-key'?"),
        (["-n", "0"], "0 is not in the range"),
    ],
    ids=["id", "step", "reason", "count"],
)
def test_what_is_misspelt_is_an_error(
    run: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["show", str(run), *arguments]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""


def test_a_folder_without_a_run_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(tmp_path)]) == 2
    assert "not a run directory" in capsys.readouterr().err


def curate(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "curate", *map(str, arguments)]


def test_a_reader_that_leaves_early_is_no_traceback(run: Path) -> None:
    many = curate("show", run, "-n", 60, "--full")
    with subprocess.Popen(many, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo terminals here")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_on_a_terminal_unless_not_wanted(run: Path, no_color: str, coloured: bool) -> None:
    ours, theirs = os.openpty()
    environment = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    subprocess.run(curate("show", run, "leaky"), stdout=theirs, env=environment, check=True)
    os.close(theirs)
    text = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert ("\x1b[7m" in text) is coloured
    assert ("«" in text) is not coloured
    assert "[2J" in text
    assert "\x1b[2J" not in text


def test_rewritten_records_are_chosen_and_both_texts_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [row("a", answer="fine"), row("b", answer="bad"), row("c", answer="bad none")]
    run = rewritten_runs.make(tmp_path, {"c.jsonl": b"".join(rows)})
    assert main(["show", str(run), "--rewritten", "--json"]) == 0
    (shown,) = map(json.loads, capfd.readouterr().out.splitlines())
    assert (shown["id"], shown["trail"][1]["rewrite"]["outcome"]) == ("b", "rewritten")
    assert shown["before"]["turns"][1] == {"role": "assistant", "text": "bad"}
    assert shown["turns"][1] == {"role": "assistant", "text": "a good answer"}
    assert main(["show", str(run), "--rewritten", "--step", "holds"]) == 0
    text = capfd.readouterr().out
    assert "kept; hit by holds: has_bad (score 1), rewritten: unknown -> clean-1\n" in text
    assert "[2 assistant, as read]\n  «bad»\n[2 assistant, rewritten]\n  a good answer\n" in text
    assert text.endswith("1 of 1 matching records, seed 0\n")


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Example: curate show runs/first" in said(capsys, "--help")
