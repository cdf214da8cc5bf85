"""Runs that take other teachers' answers: under which names, and with which controls."""

from pathlib import Path

import pytest

import fake_rewriters
from checks import go
from curate import ledger
from curate.rewriters.replay import Replay
from rollout_rows import Row, index, row, write


@pytest.fixture(autouse=True)
def replay_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake_rewriters, "ALL", (*fake_rewriters.ALL, Replay))


def corpus(folder: Path) -> Path:
    """Every third row has something bad in it."""
    answers = ["a bad, long answer" if n % 3 == 0 else f"a fine answer {n}" for n in range(90)]
    rows = [row(f"Question {n}?", text, "Old") for n, text in enumerate(answers)]
    return write(folder / "c.jsonl", rows)


def answered(folder: Path, teacher: str) -> Path:
    rows: list[Row] = [row(f"Question {n}?", f"a new answer {n}", teacher) for n in range(90)]
    return index(folder, rows)


def test_no_teacher_replaces_itself_under_another_name(tmp_path: Path) -> None:
    file, path = corpus(tmp_path), answered(tmp_path, "Nick")
    do = f"do: {{rewrite: {{use: replay, with: {{index: {path}}}}}, otherwise: keep}}"
    steps = f"steps:\n- {{use: word, {do}}}\n"
    told = go(steps, [file], tmp_path / "plain")["steps"][0]["rewrite"]
    assert told["teachers"] == [["Old", "Nick", 30]]
    text = "input: {aliases: {Old: [Nick]}}\n" + steps
    told = go(text, [file], tmp_path / "out")["steps"][0]["rewrite"]
    assert (told["rewritten"], told["reasons"]) == (0, {"only_same_teacher": 30})


def test_the_last_reason_is_the_rewriters_own(tmp_path: Path) -> None:
    """Its only answer is still a hit, so there is no further one."""
    file = corpus(tmp_path)
    path = index(tmp_path, [row(f"Question {n}?", f"as bad {n}", "New") for n in range(90)])
    do = f"do: {{rewrite: {{use: replay, with: {{index: {path}}}}}, otherwise: keep}}"
    told = go(f"steps:\n- {{use: word, {do}}}\n", [file], tmp_path / "out")["steps"][0]["rewrite"]
    assert told["reasons"] == {"no_more_candidates": 30}
    assert told["refused"] == {"still_hit": 30}


@pytest.mark.parametrize("between", ["", "- {use: first, do: flag}\n"], ids=["", "second stage"])
def test_controls_are_the_same_records_in_each_arm(tmp_path: Path, between: str) -> None:
    """What is drawn where hits are switched is drawn where they stay."""
    file, path = corpus(tmp_path), answered(tmp_path, "New")
    switch = f"{{rewrite: {{use: replay, with: {{index: {path}}}}}}}"
    draws = "- {use: select, with: {share: 0.4}}\n- {use: select, with: {random_like: word}}\n"
    drawn = {}
    for arm, do in (("switch", switch), ("flag", "flag")):
        steps = f"steps:\n- {{use: word, do: {do}}}\n{between}{draws}"
        facts = go(steps, [file], tmp_path / arm)
        assert facts["counts"]["kept"] == 90
        drawn[arm] = {
            name: [
                entry.digest
                for entry in ledger.entries(tmp_path / arm)
                for look in entry.trail
                if look.step == name and look.hit
            ]
            for name in ("share_0", "random_0")
        }
    assert drawn["switch"] == drawn["flag"]
    assert len(drawn["flag"]["random_0"]) == 30
