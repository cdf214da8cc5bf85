"""The promises of a run: nothing lost, order kept, bytes kept, resumable anywhere."""

import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks import PLAN, check_conservation, crash, files_of, go, rows, tear, write
from curate import ledger
from curate.api import Context
from curate.engine.run import Options, run
from curate.errors import (
    CurateError,
    OutageError,
    PlanError,
    PluginError,
    ResumeError,
    UsageError,
)
from curate.io import sources
from fakes import resolve

good = st.builds(
    lambda n, word, end: json.dumps({"text": f"{n} {word}"}).encode() + end,
    st.integers(0, 5),
    st.sampled_from(["fine", "bad", "late", "é\u2028"]),
    st.sampled_from([b"\n", b"\r\n", b" \n"]),
)
odd = st.sampled_from(
    [
        b"\n",
        b"  \r\n",
        b"{\n",
        b"\xc3(\n",
        b"[1]\n",
        b'{"x": NaN}\n',
        b'{"i":123456789012345678901}\n',
        b'{"s":"\\ud800"}\n',
        b"\x00\n",
        b'{"a":1,"a":2}\n',
        b'"text"\n',
    ]
)
corpora = st.lists(st.one_of(good, good, good, odd), max_size=40).map(b"".join)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=corpora, last=st.booleans(), lines=st.integers(1, 7), workers=st.integers(1, 3))
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, last: bool, lines: int, workers: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    content = content if last else content.rstrip(b"\n")
    corpus = write(folder / "c.jsonl", content)
    facts = go(PLAN, [corpus], folder / "out", lines=lines, workers=workers)
    check_conservation(content, folder / "out", facts)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_any_number_of_workers_writes_the_same_bytes(tmp_path: Path, executor: str) -> None:
    special = {f"r{n}": "bad" for n in range(0, 60, 7)}
    lines = rows(60, **special)
    corpus = write(tmp_path / "c.jsonl", *lines, *lines[:30], b"{broken\n")
    written = []
    for workers in (1, 2, 4):
        out = tmp_path / f"{executor}{workers}"
        go(PLAN, [corpus], out, lines=10, workers=workers, executor=executor)
        written.append(files_of(out))
    reference = tmp_path / "reference"
    go(PLAN, [corpus], reference, lines=10)
    assert written == [files_of(reference)] * 3


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_resume_after_a_crash_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    content = data.draw(corpora)
    corpus = write(folder / "c.jsonl", content)
    lines = data.draw(st.integers(1, 5))
    whole = folder / "whole"
    go(PLAN, [corpus], whole, lines=lines)
    out = folder / "out"
    for _ in range(data.draw(st.integers(1, 3))):
        crash_at = data.draw(st.integers(1, 8))
        commit = data.draw(st.sampled_from([0.0, 1e9]))
        crash(corpus, out, lines, crash_at, commit)
        if not (out / "run.json").exists():
            tear(out, data.draw(st.binary(max_size=20)))
    go(PLAN, [corpus], out, lines=lines)
    assert files_of(out) == files_of(whole)


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10, r3="bad"))
    first = go(PLAN, [corpus], tmp_path / "out")
    before = files_of(tmp_path / "out")
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir()}
    assert go(PLAN, [corpus], tmp_path / "out") == first
    assert files_of(tmp_path / "out") == before
    assert stamps == {p: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("done", [True, False], ids=["finished", "unfinished"])
def test_another_plan_is_refused_by_name(tmp_path: Path, done: bool) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10))
    out = tmp_path / "out"
    if done:
        go(PLAN, [corpus], out, lines=2)
    else:
        crash(corpus, out, 2, 2, 0.0)
    other = PLAN.replace("word: late", "word: later")
    with pytest.raises(ResumeError, match=r'later.*word: was "late", now "later"'):
        go(other, [corpus], out, lines=2)
    go(other, [corpus], out, lines=2, fresh=True)


@pytest.mark.parametrize("done", [True, False], ids=["finished", "unfinished"])
def test_a_changed_input_is_refused_by_name(tmp_path: Path, done: bool) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10))
    out = tmp_path / "out"
    if done:
        go(PLAN, [corpus], out, lines=2)
    else:
        crash(corpus, out, 2, 2, 0.0)
    write(corpus, *rows(10, r0="other"))
    with pytest.raises(ResumeError, match=r"c\.jsonl changed"):
        go(PLAN, [corpus], out, lines=2)


def test_files_no_run_wrote_are_not_overwritten(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(2))
    (tmp_path / "out").mkdir()
    write(tmp_path / "out" / "kept.jsonl", b"precious\n")
    for fresh in (False, True):
        with pytest.raises(ResumeError, match=r"kept\.jsonl exists"):
            go(PLAN, [corpus], tmp_path / "out", fresh=fresh)
    assert files_of(tmp_path / "out") == {"kept.jsonl": b"precious\n"}


def test_files_beside_a_run_are_left_alone(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(2))
    (tmp_path / "out").mkdir()
    for name in ("thesis.part", "results.new", "notes.txt"):
        write(tmp_path / "out" / name, b"precious\n")
    go(PLAN, [corpus], tmp_path / "out")
    go(PLAN, [corpus], tmp_path / "out", fresh=True)
    assert {"thesis.part", "results.new", "notes.txt"} <= files_of(tmp_path / "out").keys()


def test_an_input_in_the_run_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    corpus = write(tmp_path / "out" / "kept.jsonl.part", *rows(2))
    with pytest.raises(UsageError, match="lies in the run directory"):
        go(PLAN, [corpus], tmp_path / "out", fresh=True)
    assert corpus.read_bytes() == b"".join(rows(2))


@pytest.mark.parametrize("change", ["edited", "cut", "gone"])
def test_an_input_that_was_read_to_its_end_is_still_checked(tmp_path: Path, change: str) -> None:
    one = write(tmp_path / "a.jsonl", *rows(10))
    two = write(tmp_path / "b.jsonl", *rows(10))
    crash([one, two], tmp_path / "out", 2, 7, 0.0)
    if change == "edited":
        write(one, *rows(10, r0="other"))
    else:
        write(two, *rows(10)[: 3 if change == "cut" else 0])
    with pytest.raises(ResumeError, match="changed since"):
        go(PLAN, [one, two], tmp_path / "out", lines=2)


def test_an_input_that_is_edited_while_it_is_read_ends_the_run(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(2000))

    def edit(*_: object) -> None:
        write(corpus, *rows(2000, r1999="other"))

    found = sources.expand([str(corpus)])
    options = Options(lines=10, commit_every=0.0)
    with pytest.raises(CurateError, match="changed while it was read"):
        run(resolve(PLAN), found, tmp_path / "out", options, Context(), edit)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_signature_may_be_an_abstention(tmp_path: Path, executor: str) -> None:
    corpus = write(tmp_path / "c.jsonl", b'{"text": ""}\n', *rows(3), *rows(3))
    plan = "steps: [{use: first, with: {skip: text}, do: drop}]"
    facts = go(plan, [corpus], tmp_path / "out", executor=executor)
    assert facts["steps"][0] | {"seen": 7, "abstained": 1, "dropped": 3} == facts["steps"][0]


@pytest.mark.parametrize("executor", ["threads", "processes"])
@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("reason", "needs a text as reason and a mapping as evidence"),
        ("evidence", "needs a text as reason and a mapping as evidence"),
        ("set", "evidence that is not JSON"),
        ("exit", "SystemExit"),
        ("own", "step 'odd' failed on .*: OwnError"),
    ],
)
def test_an_odd_plugin_is_named_wherever_it_runs(
    tmp_path: Path, how: str, message: str, executor: str
) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5))
    with pytest.raises(PluginError, match=message):
        go(
            f"steps: [{{use: odd, with: {{how: {how}}}}}]",
            [corpus],
            tmp_path / "out",
            executor=executor,
        )


def test_a_plugin_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5))
    for executor in ("threads", "processes"):
        with pytest.raises(PluginError, match="step 'shut' cannot be opened: ValueError: no model"):
            go("steps: [{use: shut}]", [corpus], tmp_path / executor, executor=executor)


def test_a_worker_killed_from_outside_is_replaced(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(400))
    killed = False

    def kill(*_: object) -> None:
        nonlocal killed
        if not killed:
            killed = True
            for child in multiprocessing.active_children():
                child.kill()

    found = sources.expand([str(corpus)])
    options = Options(lines=20, workers=1)  # of two, one may still be starting, which is an error
    plan = resolve("steps: [{use: slow, on_error: quarantine}]")
    facts = run(plan, found, tmp_path / "out", options, Context(), kill)
    assert killed
    assert facts["counts"]["kept"] >= 398  # a kill inside a call looks like the record's fault


def test_rows_that_are_no_records_count_as_unreadable(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5), b"[1]\n")
    assert go("steps: [{use: turns}]", [corpus], tmp_path / "out")["over_budget"] == ["input"]


def test_files_of_a_finished_run_are_closed_properly(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5))
    for executor in ("threads", "processes"):
        note = tmp_path / executor
        plan = f"steps: [{{use: closing, with: {{note: '{note}'}}}}]"
        go(plan, [corpus], tmp_path / f"out-{executor}", executor=executor)
        assert note.exists()


def test_an_empty_plan_keeps_every_readable_line(tmp_path: Path) -> None:
    content = b'{"a": 1}\n[1]\n3\n"x"\nnull\n{"n": NaN}\n{"big": 99999999999999999999}\nnope\n'
    corpus = write(tmp_path / "c.jsonl", content)
    facts = go("steps: []", [corpus], tmp_path / "out")
    assert (tmp_path / "out" / "kept.jsonl").read_bytes() == content.removesuffix(b"nope\n")
    assert facts["status"] == "over_budget"  # 1 of 8 is more than 1 %
    entry = list(ledger.entries(tmp_path / "out"))[-1]
    assert (entry.fate, entry.by, entry.reason, entry.line) == (
        "quarantined",
        "reader",
        "not_json",
        8,
    )


def test_a_row_without_turns_is_quarantined_by_the_step_that_needs_them(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5), b"[1]\n", b'{"unknown": 1}\n', *rows(2))
    facts = go("steps: [{use: turns}]", [corpus], tmp_path / "out", lines=4)
    assert facts["counts"]["quarantined"] == 2
    assert facts["counts"]["kept"] == 7
    reasons = {e.reason for e in ledger.entries(tmp_path / "out") if e.fate == "quarantined"}
    assert reasons == {"not_a_record"}


def test_one_record_that_breaks_a_plugin_costs_only_itself(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(2500, r1234="bad"))
    plan = "steps: [{use: raises, on_error: quarantine}]"
    facts = go(plan, [corpus], tmp_path / "out")
    assert facts["counts"] | {"kept": 2499, "quarantined": 1} == facts["counts"]
    (entry,) = (e for e in ledger.entries(tmp_path / "out") if e.fate != "kept")
    assert (entry.id, entry.by, entry.reason) == ("r1234", "raises", "plugin_error")
    assert "cannot digest this" in entry.detail


def test_a_failing_plugin_ends_the_run_and_names_the_record(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(50, r33="bad"))
    with pytest.raises(PluginError, match=r"step 'raises' failed on .*c\.jsonl:34: ValueError"):
        go("steps: [{use: raises}]", [corpus], tmp_path / "out", lines=10)
    assert not (tmp_path / "out" / "kept.jsonl").exists()
    assert json.loads((tmp_path / "out" / "state.json").read_text())["segments"] == 3


@pytest.mark.parametrize("limit", ["1", "0.1"])
def test_an_error_budget_is_kept(tmp_path: Path, limit: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10, r3="bad", r7="bad"))
    plan = f"steps: [{{use: raises, on_error: quarantine, max_errors: {limit}}}]"
    if limit == "1":  # a count ends the run where it is exceeded
        with pytest.raises(PluginError, match="failed on 2 records"):
            go(plan, [corpus], tmp_path / "out")
    else:  # a share is known at the end
        assert go(plan, [corpus], tmp_path / "out")["over_budget"] == ["raises"]


def test_an_outage_is_no_verdict_and_can_be_resumed(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(50, r33="bad"))
    back = tmp_path / "back"
    plan = f"steps: [{{use: outage, with: {{back: '{back}'}}, on_error: quarantine}}]"
    with pytest.raises(OutageError, match="does not answer"):
        go(plan, [corpus], tmp_path / "out", lines=10)
    back.touch()
    facts = go(plan, [corpus], tmp_path / "out", lines=10)
    assert facts["counts"]["kept"] == 50


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{use: short}", r"step 'short': the filter returned 9 verdicts for 10 records"),
        ("{use: no_verdict}", r"returned float for .*c\.jsonl:1"),
        ("{use: score, with: {score: .nan}}", r"scored nan for .*c\.jsonl:1, outside"),
        ("{use: score, with: {score: 1.5}}", r"scored 1\.5 for .* range \[0, 1\]"),
        ("{use: score, with: {score: .inf}}", r"scored inf for"),
    ],
    ids=["short list", "no verdict", "nan", "out of range", "infinite"],
)
def test_a_broken_contract_is_named(tmp_path: Path, step: str, message: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(10))
    with pytest.raises(PluginError, match=message):
        go(f"steps: [{step}]", [corpus], tmp_path / "out")


@pytest.mark.parametrize("use", ["hangs", "dies"])
def test_a_plugin_that_hangs_or_dies_costs_only_its_record(tmp_path: Path, use: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(40, r5="bad", r33="bad"))
    plan = f"steps: [{{use: {use}, on_error: quarantine}}, {{use: first, do: drop}}]"
    out = tmp_path / "out"
    facts = go(plan, [corpus], out, lines=10, executor="processes", workers=2)
    assert facts["counts"]["kept"] == 38
    assert {e.id: e.reason for e in ledger.entries(out) if e.fate != "kept"} == {
        "r5": "plugin_hung" if use == "hangs" else "plugin_died",
        "r33": "plugin_hung" if use == "hangs" else "plugin_died",
    }


@pytest.mark.parametrize("use", ["hangs", "dies"])
def test_a_plugin_that_hangs_or_dies_is_named(tmp_path: Path, use: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(40), b"\n", *rows(3, r1="bad"))
    how = r"gave no answer within 1 s" if use == "hangs" else r"died \(exit code 7\)"
    with pytest.raises(PluginError, match=rf"step '{use}' failed on .*c\.jsonl:43: {how}"):
        go(f"steps: [{{use: {use}}}]", [corpus], tmp_path / "out", executor="processes")


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_step_may_take_for_ever(tmp_path: Path, executor: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(4))
    facts = go("steps: [{use: word, timeout: .inf}]", [corpus], tmp_path / "out", executor=executor)
    assert facts["counts"]["kept"] == 4


def test_a_plugin_that_hangs_in_a_thread_is_named(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(4, r1="bad"))
    with pytest.raises(PluginError, match=r"step 'hangs' gave no answer within 1 s; a thread"):
        go("steps: [{use: hangs}]", [corpus], tmp_path / "out")


@pytest.mark.parametrize(
    ("unsure", "fate"), [("keep", "kept"), ("drop", "dropped"), ("quarantine", "quarantined")]
)
def test_an_abstention_means_what_the_plan_says(tmp_path: Path, unsure: str, fate: str) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(5, r2="bad"))
    facts = go(f"steps: [{{use: unsure, unsure: {unsure}}}]", [corpus], tmp_path / "out")
    (entry,) = (e for e in ledger.entries(tmp_path / "out") if e.id == "r2")
    assert entry.fate == fate
    assert entry.trail[0].score is None
    assert facts["steps"][0]["abstained"] == 1


def test_duplicates_see_only_what_earlier_steps_left(tmp_path: Path) -> None:
    plan = "steps: [{use: word, do: drop}, {use: first, do: drop}, {use: turns}]"
    one, two = rows(2)
    corpus = write(tmp_path / "c.jsonl", one, two, one, two, two)
    facts = go(plan, [corpus], tmp_path / "out", lines=1, workers=3)
    assert (tmp_path / "out" / "kept.jsonl").read_bytes() == one + two
    assert [step["seen"] for step in facts["steps"]] == [5, 5, 2]
    dropped = [e for e in ledger.entries(tmp_path / "out") if e.fate == "dropped"]
    assert [e.trail[-1].evidence["of"] for e in dropped] == [0, 1, 1]


@pytest.mark.parametrize("between", ["", "  - {use: first}\n"], ids=["one stage", "two stages"])
def test_a_step_may_judge_the_hits_of_another_only(tmp_path: Path, between: str) -> None:
    plan = f"steps:\n  - {{use: word}}\n{between}  - {{use: turns, only: word, do: drop}}\n"
    corpus = write(tmp_path / "c.jsonl", *rows(20, r3="bad", r9="bad"))
    facts = go(plan, [corpus], tmp_path / "out", lines=4, workers=2)
    assert facts["steps"][-1]["seen"] == facts["counts"]["dropped"] == 2
    dropped = [e.id for e in ledger.entries(tmp_path / "out") if e.fate == "dropped"]
    assert dropped == ["r3", "r9"]


def test_only_names_an_earlier_step() -> None:
    with pytest.raises(PlanError, match="no earlier step is called 'wrod'; did you mean 'word'"):
        resolve("steps: [{use: word}, {use: turns, only: wrod}]")


@pytest.mark.parametrize("all_steps", [True, False], ids=["judge dropped", "leave dropped"])
def test_overlap_counts_what_both_steps_saw(tmp_path: Path, all_steps: bool) -> None:
    plan = f"""
judge_dropped: {str(all_steps).lower()}
steps:
  - {{use: word, do: drop}}
  - {{use: first, do: drop}}
  - {{use: word, name: again, do: drop}}
"""
    corpus = write(tmp_path / "c.jsonl", *rows(20, r3="bad", r4="bad"))
    facts = go(plan, [corpus], tmp_path / "out", lines=6)
    together = facts["overlap"]["together"]
    assert together[0][2] == (2 if all_steps else 0)
    assert [step["dropped"] for step in facts["steps"]] == [2, 0, 0]
    assert facts["counts"]["dropped"] == 2


def test_a_limit_cuts_inside_a_segment(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(20))
    facts = go("steps: []", [corpus], tmp_path / "out", limit=7, lines=5)
    assert facts["counts"]["read"] == 7
    assert go("steps: []", [corpus], tmp_path / "out", limit=7, lines=5) == facts


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    corpus = write(tmp_path / "c.jsonl", *rows(20, r3="bad"))
    found = sources.expand([str(corpus)])
    facts = run(resolve(PLAN), found, None, Options("threads"), Context())
    assert facts["counts"]["dropped"] == 1
    assert list(tmp_path.iterdir()) == [corpus]


def test_many_files_are_one_run(tmp_path: Path) -> None:
    one = write(tmp_path / "a.jsonl", b"\xef\xbb\xbf", *rows(3), b"\r\n")
    two = write(tmp_path / "b.jsonl", b"".join(rows(3)).rstrip(b"\n"))
    facts = go("steps: []", [one, two], tmp_path / "out", lines=2)
    assert (tmp_path / "out" / "kept.jsonl").read_bytes() == b"".join(rows(3)) * 2
    entries = list(ledger.entries(tmp_path / "out"))
    assert [(e.index, e.line) for e in entries] == [(0, 1), (1, 2), (2, 3), (4, 1), (5, 2), (6, 3)]
    assert facts["counts"]["blank"] == 1
    assert [(i["bom"], i["final_newline"]) for i in facts["inputs"]] == [
        (True, True),
        (False, False),
    ]
