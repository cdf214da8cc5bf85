"""Segments judged by a plugin's executor: the same files as on one machine, or a clear error."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks import Stop, Stopping, files_of, go, rows, write
from curate.api import Context
from curate.engine import elsewhere
from curate.engine.run import Options, run
from curate.engine.tasks import Task, stages
from curate.errors import InputError, PluginError, UsageError
from curate.io import sources
from curate.io.segments import Segment
from fake_executors import Here, quick
from fakes import resolve

PLAN = """
judge_dropped: {dropped}
steps:
  - {{use: word, name: early, with: {{word: early}}, do: flag}}
  - {{use: word, name: holds, with: {{word: answer 3}}, do: {{rewrite: {{use: says}}}}}}
  - {{use: turns, when: {{at_least: 3}}, on_error: quarantine}}
  - {{use: word, name: of_early, with: {{word: late}}, only: early, do: drop}}
  - {{use: first, do: drop}}
  - {{use: raises, with: {{word: bad}}, on_error: quarantine}}
  - {{use: unsure, with: {{word: "1"}}, unsure: drop}}
  - {{use: word, name: last, with: {{word: late}}, do: drop}}
"""
NAMES = ["early", "holds", "turns", "of_early", "first", "raises", "unsure", "last"]


def corpus(folder: Path) -> Path:
    words = {f"r{n}": "bad" for n in range(0, 40, 7)}
    words |= {f"r{n}": "early late" for n in range(1, 40, 6)}
    words |= {f"r{n}": "late" for n in range(2, 40, 9)}
    lines = rows(40, **words)
    return write(folder / "c.jsonl", *lines, *lines[:15], b"{broken\n", b"[1]\n", b"\n")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    own=st.frozensets(st.sampled_from(NAMES)),
    pools=st.sampled_from(["InTurn", "LatestFirst", "AnyOrder", "Twice", "Forgets"]),
    dropped=st.booleans(),
    lines=st.integers(3, 20),
)
def test_any_lawful_executor_writes_the_same_files(
    tmp_path_factory: pytest.TempPathFactory,
    own: frozenset[str],
    pools: str,
    dropped: bool,
    lines: int,
) -> None:
    folder = tmp_path_factory.mktemp("run")
    plan = PLAN.format(dropped=str(dropped).lower())
    rows_of = [corpus(folder)]
    go(plan, rows_of, folder / "here", lines=lines)
    with quick():
        executor = Here(pools=pools, own=own)
        go(plan, rows_of, folder / "there", lines=lines, executor=executor)
    assert files_of(folder / "there") == files_of(folder / "here")


@pytest.mark.parametrize("first", ["threads", Here(pools="AnyOrder", own=frozenset(["last"]))])
def test_a_run_goes_on_under_another_executor(tmp_path: Path, first: Any) -> None:
    plan = PLAN.format(dropped="true")
    rows_of = corpus(tmp_path)
    go(plan, [rows_of], tmp_path / "whole", lines=5)
    second = Here(pools="LatestFirst") if first == "threads" else "threads"
    with quick():
        options = Options(first, lines=5, commit_every=0.0)
        found = sources.expand([str(rows_of)])
        with pytest.raises(Stop):
            run(resolve(plan), found, tmp_path / "out", options, Context(), Stopping(4))
        assert not (tmp_path / "out" / "run.json").exists()
        go(plan, [rows_of], tmp_path / "out", lines=5, executor=second)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


@pytest.mark.parametrize(
    ("pools", "told"),
    [
        ("AnswersTwice", "executor 'here' answered item 0, which it was not given or has answered"),
        ("AnswersAnother", "executor 'here' answered item 1000, which it was not given"),
        ("AnswersNothing", "executor 'here' answered item 0 with a NoneType"),
        ("Breaks", "executor 'here': KeyError: 'node-7'"),
        ("Exits", "executor 'here': SystemExit: 0"),
        ("ForgetsOutOfTurn", "executor 'here': Forgotten: "),
    ],
)
def test_an_executor_that_breaks_its_word_is_named(tmp_path: Path, pools: str, told: str) -> None:
    plan, executor = "steps: [{use: word}]", Here(pools=pools)
    with quick(), pytest.raises(PluginError) as caught:
        go(plan, [corpus(tmp_path)], tmp_path / "out", executor=executor, lines=10)
    assert told in str(caught.value)


def test_a_step_apart_that_the_plan_has_not(tmp_path: Path) -> None:
    executor = Here(own=frozenset(["wird"]))
    with pytest.raises(UsageError, match=r"no step 'wird'.*'word'"):
        go("steps: [{use: word}]", [corpus(tmp_path)], tmp_path / "out", executor=executor)


@pytest.mark.parametrize(
    ("own", "cuts"),
    [
        ([], [(0, 5), (5, 8)]),
        (["early", "holds"], [(0, 2), (2, 5), (5, 8)]),
        (["turns", "of_early"], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 8)]),
        (["unsure", "last"], [(0, 5), (5, 6), (6, 7), (7, 8)]),
        (["first"], [(0, 4), (4, 5), (5, 8)]),
    ],
)
def test_where_the_steps_are_cut(own: list[str], cuts: list[tuple[int, int]]) -> None:
    found = stages(resolve(PLAN.format(dropped="true")).steps, own)
    assert [(stage.start, stage.stop) for stage in found] == cuts


@pytest.mark.parametrize("use", ["hangs", "dies"])
def test_a_record_that_a_plugin_fails_on_is_found_there_too(tmp_path: Path, use: str) -> None:
    plan = f"steps: [{{use: {use}, on_error: quarantine}}]"
    rows_of = write(tmp_path / "c.jsonl", *rows(8, r5="bad"))
    go(plan, [rows_of], tmp_path / "here", executor="processes")
    go(plan, [rows_of], tmp_path / "there", executor=Here())
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


def test_a_file_that_a_machine_does_not_see(tmp_path: Path) -> None:
    resolved = resolve("steps: [{use: word}]")
    judging = elsewhere._Judging(elsewhere.Processes(resolved, Context(), 1, range(1)))
    path = str(tmp_path / "c.jsonl")
    segment = Segment(0, "c.jsonl", 0, 0, 1, 1, "", path=path, end=5)
    outcome = judging.judge(Task(segment, None, range(1)))  # type: ignore[arg-type]
    assert isinstance(outcome, InputError)
    assert "does not see" in str(outcome)
    assert path in str(outcome)
