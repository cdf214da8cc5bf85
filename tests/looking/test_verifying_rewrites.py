"""Whatever is changed in the run directory of a run that rewrites, `verify` finds it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.ledger import WRITTEN
from curate.looking.verifying import verify
from fake_runs import row
from forging import change, change_entry, change_facts, told
from rewritten_runs import make

PLAN = """
judge_dropped: true
steps:
  - {use: secrets, do: drop}
  - {use: size, name: short, when: {at_most: 3}, do: flag}
  - use: holds
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100], otherwise: keep}
  - {use: size, when: {at_least: 1000}, do: drop}
"""
ROWS = [
    row("fine", answer="fine"),
    b"\n",
    row("bad", answer="bad"),
    row("bad2", answer="bad, too", model="m-1"),
    b" \n",
    row("twice", answer="bad twice").replace(b"\n", b"\r\n"),
    row("stuck", answer="bad and stuck"),
    row("none", answer="bad and none"),
    row("gone", answer="bad sk-1"),
    row("long", answer="z" * 1200),
    b"\r\n",
    row("last", answer="bad at last").rstrip(b"\n"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rewrites")
    files = {"c.jsonl": b"".join(ROWS), "d.jsonl": b"\xef\xbb\xbf\n" + ROWS[2]}
    return make(folder, files, PLAN, lines=5)


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "run")


def test_an_untouched_run_is_verified(made: Path) -> None:
    found = verify(made, inputs=True)
    assert told(found) == ""
    assert found.counts == {"read": 10, "kept": 8, "dropped": 2, "quarantined": 0}


FORGED_LINES = {
    "an original changed": (
        lambda lines: lines.__setitem__(1, lines[1].replace(b"bad", b"sad")),
        "replaced.jsonl:2: is not the line of ",
    ),
    "two originals swapped": (
        lambda lines: lines.__setitem__(slice(1, 3), lines[2:0:-1]),
        "replaced.jsonl:2: is not the line of ",
    ),
    "an original lost": (lambda lines: lines.pop(1), "replaced.jsonl:2: is not the line of "),
    "the last original lost": (lambda lines: lines.pop(), "replaced.jsonl: has no line for "),
    "a blank line lost": (
        lambda lines: lines.pop(0),
        "replaced.jsonl:1: is not blank, and line #1",
    ),
    "a blank line filled": (
        lambda lines: lines.__setitem__(0, b"{}\n"),
        "replaced.jsonl:1: is not blank, and line #1 of the run has no entry",
    ),
    "two blank lines swapped": (
        lambda lines: (lines.insert(0, lines.pop(3)), lines.insert(3, lines.pop(1))),
        "c.jsonl: the lines that the run directory has of it are not what was read",
    ),
    "another blank line": (
        lambda lines: lines.__setitem__(0, b"\t\n"),
        "c.jsonl: the lines that the run directory has of it are not what was read",
    ),
    "another line end": (
        lambda lines: lines.__setitem__(1, lines[1].replace(b"\n", b"\r\n")),
        "c.jsonl: the lines that the run directory has of it are not what was read",
    ),
    "a blank line more": (lambda lines: lines.append(b"\n"), "counts.blank is 4, the ledger has 5"),
    "a line more": (
        lambda lines: lines.append(b"{}\n"),
        "replaced.jsonl:10: is not blank, and line #14 of the run has no entry",
    ),
    "all lost": (lambda lines: lines.clear(), "replaced.jsonl: ends before line #1 of the run"),
}


@pytest.mark.parametrize(("edit", "what"), FORGED_LINES.values(), ids=FORGED_LINES)
def test_a_line_that_was_forged_is_found(
    run: Path, edit: Callable[[list[bytes]], object], what: str
) -> None:
    change(run, "replaced.jsonl", edit)
    assert what in told(verify(run))


def test_a_rewritten_row_that_was_forged_is_found(run: Path) -> None:
    change(run, "kept.jsonl", lambda lines: lines.__setitem__(1, ROWS[2]))
    assert "kept.jsonl:2: is not the line of " in told(verify(run))


def rewriting(edit: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    """Edit what an entry tells of its rewriting."""
    return lambda entry: edit(
        next(look for look in entry["trail"] if look["step"] == "holds")["rewrite"]
    )


FORGED_ENTRIES = {
    "written": ("bad", lambda e: e.update(written="0" * 32), "kept.jsonl:2: is not the line of"),
    "written, its chain": (
        "bad",
        lambda e: e.update(written="0" * 32),
        f"its row is {'0' * 32}",
    ),
    "written, lost": ("bad", lambda e: e.pop("written"), "its rewriting ends in digest "),
    "written, of another": (
        "fine",
        lambda e: e.update(written=e["digest"]),
        "replaced.jsonl:1: is not the line of ",
    ),
    "digest": ("bad", lambda e: e.update(digest="0" * 32), "replaced.jsonl:2: is not the line of"),
    "from": (
        "bad",
        rewriting(lambda r: r["digest"].update({"from": "1" * 32})),
        f"'holds': it rewrote digest {'1' * 32}, the line was ",
    ),
    "to": (
        "bad",
        rewriting(lambda r: r["digest"].update(to="1" * 32)),
        f"its rewriting ends in digest {'1' * 32}, its row is ",
    ),
    "outcome": (
        "stuck",
        rewriting(lambda r: r.update(outcome="flagged")),
        "'holds': a hit is flagged, and the plan says kept where it is not rewritten",
    ),
    "outcome, dropped": (
        "stuck",
        rewriting(lambda r: r.update(outcome="dropped")),
        "'holds': a hit is dropped, and the record is kept by ''",
    ),
    "outcome, rewritten": (
        "stuck",
        rewriting(lambda r: r.update(outcome="rewritten")),
        "'holds': rewritten, and yet a reason why not",
    ),
    "outcome, not rewritten": (
        "bad",
        rewriting(lambda r: r.update(outcome="kept")),
        "'holds': kept, and yet no reason why not",
    ),
    "reason": (
        "stuck",
        rewriting(lambda r: r.update(reason="no_pair")),
        "steps.holds.rewrite.reasons is {",
    ),
    "rewriter": ("bad", rewriting(lambda r: r.update(use="x")), "rewritten by x 1, not cleaner 1"),
    "version": ("bad", rewriting(lambda r: r.update(version="2")), "by cleaner 2, not cleaner 1"),
    "tries": (
        "twice",
        rewriting(lambda r: r.update(tries=1)),
        "tries is 1, of at most 3, and 2 are told of",
    ),
    "tries, too many": (
        "stuck",
        rewriting(lambda r: r.update(tries=9, refused={"still_hit": 9})),
        "tries is 9, of at most 3, and 9 are told of",
    ),
    "refused": (
        "twice",
        rewriting(lambda r: r.update(refused={"empty": 1})),
        "steps.holds.rewrite.refused is {",
    ),
    "teacher": (
        "bad2",
        rewriting(lambda r: r["teacher"].update({"from": "m-2"})),
        "steps.holds.rewrite.teachers is {",
    ),
    "again, score": (
        "bad",
        rewriting(lambda r: r["again"][-1].update(score=1.0)),
        "'holds': score 1.0 of 'holds' for the new text is no hit, against the rule",
    ),
    "again, a hit of its own step": (
        "bad",
        rewriting(lambda r: r["again"][-1].update(score=1.0, hit=True)),
        "the new text was taken, although it is a hit of 'holds'",
    ),
    "again, a hit of a step that drops": (
        "bad",
        rewriting(lambda r: r["again"][0].update(score=1.0, hit=True)),
        "the new text was taken, although it is a hit of 'secrets'",
    ),
    "again, no step": (
        "bad",
        rewriting(lambda r: r["again"][0].update(step="x")),
        "the new text was judged by 'x', which is no step of the run",
    ),
    "none told": (
        "bad",
        lambda e: e["trail"][2].pop("rewrite"),
        "'holds' rewrites its hits, and nothing is told of this one",
    ),
    "told of a step that only drops": (
        "bad",
        lambda e: e["trail"][0].update(rewrite=e["trail"][2]["rewrite"]),
        "'secrets': a rewriting where there is none to be",
    ),
    "told of no hit": (
        "bad",
        lambda e: e["trail"][2].update(hit=False),
        "'holds': a rewriting where there is none to be",
    ),
    "no outcome": (
        "bad",
        rewriting(lambda r: r.pop("outcome")),
        "is no entry (KeyError: 'outcome'); nothing after it was compared",
    ),
    "no rewriting": (
        "bad",
        lambda e: e["trail"][2].update(rewrite=[1]),
        "is no entry (TypeError",
    ),
    "file": ("bad", lambda e: e.update(file="x"), "#2 is not line 3 of x"),
    "line": ("bad", lambda e: e.update(line=4), "#2 is not line 4 of "),
}


@pytest.mark.parametrize(("name", "edit", "what"), FORGED_ENTRIES.values(), ids=FORGED_ENTRIES)
def test_an_entry_that_was_forged_is_found(
    run: Path, name: str, edit: Callable[[dict[str, Any]], object], what: str
) -> None:
    change_entry(run, name, edit)
    assert what in told(verify(run))


NUMBERS = {
    ("counts", "blank"): "counts.blank is 5, the ledger has 4",
    ("counts", "crlf"): "counts.crlf is 3, the ledger has 2",
    ("steps", 2, "rewrite", "rewritten"): "steps.holds.rewrite.rewritten is 6, the ledger has 5",
    ("steps", 2, "rewrite", "dropped"): "steps.holds.rewrite.dropped is 1, the ledger has 0",
    ("steps", 2, "rewrite", "kept"): "steps.holds.rewrite.kept is 3, the ledger has 2",
    ("steps", 2, "rewrite", "flagged"): "steps.holds.rewrite.flagged is 1, the ledger has 0",
    ("steps", 2, "rewrite", "reasons", "no_pair"): "steps.holds.rewrite.reasons is {",
    ("steps", 2, "rewrite", "refused", "still_hit"): "steps.holds.rewrite.refused is {",
    ("steps", 2, "rewrite", "teachers", 0, 2): "steps.holds.rewrite.teachers is {",
    ("inputs", 0, "lines"): "counts has 14 lines, blank ones included, and the inputs have 15",
    ("inputs", 0, "size"): "c.jsonl: the lines that the run directory has of it are not what was",
    ("outputs", "replaced.jsonl", "lines"): "replaced.jsonl: lines 9, run.json says 10",
}


@pytest.mark.parametrize(
    ("keys", "what"),
    NUMBERS.items(),
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "found",
)
def test_a_number_that_was_forged_is_found(run: Path, keys: tuple[Any, ...], what: str) -> None:
    def edit(told: dict[str, Any]) -> None:
        place: Any = told
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] += 1

    change_facts(run, edit)
    assert what in told(verify(run))


@pytest.mark.parametrize(
    ("number", "key", "value"),
    [(0, "bom", True), (0, "final_newline", True), (0, "sha256", "0" * 64), (1, "bom", False)],
)
def test_an_input_told_otherwise_is_found(run: Path, number: int, key: str, value: object) -> None:
    change_facts(run, lambda told: told["inputs"][number].update({key: value}))
    what = f"{'cd'[number]}.jsonl: the lines that the run directory has of it are not what was read"
    assert what in told(verify(run))


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_byte_is_found(run: Path, data: st.DataObject) -> None:
    path = run / data.draw(
        st.sampled_from([name for name in WRITTEN if (run / name).stat().st_size])
    )
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    other = data.draw(st.integers(1, 255))
    path.write_bytes(before[:at] + bytes([before[at] ^ other]) + before[at + 1 :])
    try:
        assert path.name in told(verify(run))
    finally:
        path.write_bytes(before)


TWICE = """
steps:
  - {use: size, when: {at_most: 10}}
  - use: holds
    only: size
    do: {rewrite: {use: cleaner, with: {text: "holding on to it all"}}, guards: []}
  - use: holds
    name: worse
    with: {word: hold}
    do: {rewrite: {use: cleaner}, guards: [], length: [0, 100], tries: 1}
"""


def test_a_row_that_was_rewritten_twice_is_verified(tmp_path: Path) -> None:
    rows = [row("a", answer="bad"), row("b", answer="hold"), row("c", answer="hold none")]
    run = make(tmp_path, {"c.jsonl": b"".join(rows)}, TWICE)
    found = verify(run, inputs=True)
    assert told(found) == ""
    assert found.counts == {"read": 3, "kept": 2, "dropped": 1, "quarantined": 0}
    entry = json.loads((run / "ledger.jsonl").read_text().splitlines()[0])
    chain = [look["rewrite"]["digest"] for look in entry["trail"] if "rewrite" in look]
    assert [chain[0]["from"], chain[1]["to"]] == [entry["digest"], entry["written"]]
    assert chain[0]["to"] == chain[1]["from"]
