"""Whatever is changed in a run directory, `verify` finds it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.errors import InputError, LedgerError
from curate.ledger import WRITTEN
from curate.looking.problems import SHOWN
from curate.looking.verifying import verify
from fake_runs import make_run, row
from forging import change, change_entry, change_facts, told

PLAN = """
steps:
  - {use: secrets, do: drop}
  - {use: size, when: {at_least: 100}, do: drop, unsure: drop}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n}", answer="y" * n * 10) for n in range(13)]
    rows[2:2] = [b"\n", b"{broken\n", b"[1]\n", row("cr").replace(b"\n", b"\r\n")]
    rows[9] = row("leaky", answer="sk-1")
    rows[-1] = rows[-1].removesuffix(b"\n")
    return make_run(tmp_path_factory.mktemp("verifying"), rows, PLAN)


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "run")


def test_an_untouched_run_is_verified(made: Path) -> None:
    found = verify(made, inputs=True)
    assert told(found) == ""
    assert found.counts == {"read": 16, "kept": 9, "dropped": 5, "quarantined": 2}
    assert found.bytes == sum((made / name).stat().st_size for name in WRITTEN)


@pytest.mark.parametrize("judge_dropped", ["false", "true"])
def test_every_way_a_record_may_go_is_verified(tmp_path: Path, judge_dropped: str) -> None:
    rows = [row("a"), row("b", answer="sk-1"), row("c", answer=""), row("d", answer="z" * 200)]
    rows += [b"[]\n", b"\xff\n", b'{"messages": []}\n']
    for unsure in ("keep", "drop", "quarantine"):
        plan = f"""
judge_dropped: {judge_dropped}
steps:
  - {{use: size, when: {{outside: [0, 100]}}, unsure: {unsure}}}
  - {{use: secrets, do: drop}}
  - {{use: size, name: again, when: {{at_most: 7}}, unsure: {unsure}, do: drop}}
  - {{use: quoting}}
"""
        folder = tmp_path / unsure
        folder.mkdir()
        assert told(verify(make_run(folder, rows, plan), inputs=True)) == ""


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_byte_is_found(run: Path, data: st.DataObject) -> None:
    path = run / data.draw(st.sampled_from(WRITTEN))
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    other = data.draw(st.integers(1, 255))
    path.write_bytes(before[:at] + bytes([before[at] ^ other]) + before[at + 1 :])
    try:
        assert path.name in told(verify(run))
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_cut_a_grown_and_a_missing_file_are_found(run: Path, name: str) -> None:
    before = (run / name).read_bytes()
    (run / name).write_bytes(before[:-1])
    assert f"{name}: bytes {len(before) - 1}, run.json says {len(before)}" in told(verify(run))
    (run / name).write_bytes(before + b"{}\n")
    assert f"{name}: bytes {len(before) + 3}, run.json says {len(before)}" in told(verify(run))
    (run / name).unlink()
    assert f"{name}: cannot be read: No such file" in told(verify(run))


FORGED_ROWS = {
    "changed": (lambda lines: lines.__setitem__(1, b"{}\n"), "kept.jsonl:2: is not the line of "),
    "swapped": (lambda lines: lines.reverse(), "kept.jsonl:1: is not the line of "),
    "lost": (lambda lines: lines.pop(), "kept.jsonl: has no line for "),
    "added": (lambda lines: lines.append(b"{}\n"), "kept.jsonl: has 1 lines more than ledger"),
}


@pytest.mark.parametrize(("edit", "what"), FORGED_ROWS.values(), ids=FORGED_ROWS)
def test_a_row_that_was_forged_is_found(
    run: Path, edit: Callable[[list[bytes]], None], what: str
) -> None:
    change(run, "kept.jsonl", edit)
    assert what in told(verify(run))


FORGED_ENTRIES = {
    "index": ("r1", lambda e: e.update(index=0), "ledger.jsonl:2: index 0 after 0"),
    "digest": ("r1", lambda e: e.update(digest="0" * 32), "kept.jsonl:1: is not the line of "),
    "fate": ("r1", lambda e: e.update(fate="quarantined", by="size"), "quarantined.jsonl:1: is "),
    "by, of a kept one": ("r1", lambda e: e.update(by="size"), "kept, and yet by 'size'"),
    "by, no step": ("leaky", lambda e: e.update(by="nobody"), "'nobody', which is no step"),
    "by, another": ("leaky", lambda e: e.update(by="size"), "by 'size', which had no cause to"),
    "kept": ("leaky", lambda e: e.update(fate="kept", by=""), "kept, although 'secrets' drops"),
    "hit": ("r1", lambda e: look(e).update(hit=True), "10.0 of 'size' is a hit, by the rule no"),
    "score": ("r1", lambda e: look(e).update(score=1e3), "1000.0 of 'size' is no hit, by the rule"),
    "step": ("r1", lambda e: look(e).update(step="x"), "a look by 'x', which is no step"),
    "order": ("r1", lambda e: e["trail"].reverse(), "the look by 'secrets' is out of order"),
    "look lost": (
        "r1",
        lambda e: e["trail"].pop(),
        "size.seen is 13, the ledger has 12",
    ),
    "no fate": ("r1", lambda e: e.update(fate="lost"), "ledger.jsonl:2: is no entry (KeyError"),
    "field": ("r1", lambda e: e.update(more=1), "ledger.jsonl:2: is no entry (TypeError"),
}


def look(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what the last step saw."""
    return entry["trail"][-1]


@pytest.mark.parametrize(("name", "edit", "what"), FORGED_ENTRIES.values(), ids=FORGED_ENTRIES)
def test_an_entry_that_was_forged_is_found(
    run: Path, name: str, edit: Callable[[dict[str, Any]], object], what: str
) -> None:
    change_entry(run, name, edit)
    assert what in told(verify(run))


@pytest.mark.parametrize("line", [b"\n", b"{\n", b"[]\n", b"\xff\n", b"{}\n"], ids=repr)
def test_a_ledger_line_that_is_no_entry_is_found(run: Path, line: bytes) -> None:
    change(run, "ledger.jsonl", lambda lines: lines.__setitem__(3, line))
    assert "ledger.jsonl:4: is no entry" in told(verify(run))


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        (("counts", "read"), "run.json: counts.read is 17, the ledger has 16"),
        (("counts", "kept"), "run.json: counts.kept is 10, the ledger has 9"),
        (("counts", "unreadable"), "counts.unreadable is 2, the ledger has 1"),
        (("steps", 0, "hits"), "steps.secrets.hits is 2, the ledger has 1"),
        (("steps", 0, "seen"), "steps.secrets.seen is 15, the ledger has 14"),
        (("steps", 1, "abstained"), "steps.size.abstained is 2, the ledger has 1"),
        (("steps", 1, "dropped"), "steps.size.dropped is 5, the ledger has 4"),
        (("steps", 0, "quarantined"), "steps.secrets.quarantined is 2, the ledger has 1"),
        (("overlap", "together", 0, 1), "overlap.together[0][1] is 1, the ledger has 0"),
        (("overlap", "alone", 1), "overlap.alone[1] is 4, the ledger has 3"),
        (("outputs", "kept.jsonl", "lines"), "kept.jsonl: lines 9, run.json says 10"),
    ],
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


def test_the_first_problems_are_told_and_all_are_counted(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row(f"r{n}") for n in range(50)])
    change(run, "kept.jsonl", lambda lines: lines.pop(0))
    found = verify(run)
    assert len(found.problems.first) == SHOWN
    assert found.problems.total == 50
    assert found.dump()["problems_found"] == 50


def test_run_json_of_another_kind_is_an_error(run: Path) -> None:
    change_facts(run, lambda told: told.pop("counts"))
    with pytest.raises(LedgerError, match=r"run.json: is not what a run writes \(KeyError"):
        verify(run)


def test_an_unfinished_run_is_an_error(run: Path) -> None:
    (run / "run.json").rename(run / "state.json")
    with pytest.raises(InputError, match="not finished"):
        verify(run)


INPUTS = {
    "changed": (lambda data: data.replace(b"r0", b"rX"), "c.jsonl:1: is not the line that ledger"),
    "grown": (lambda data: data + b"\n{}\n{}\n", "c.jsonl:18: is a line the run did not read"),
    "cut": (lambda data: data[:-300], "is no longer there; nothing after it was checked"),
    "one line more in the middle": (lambda data: b"{}\n" + data, "c.jsonl:1: is not the line that"),
    "only a blank line more": (lambda data: data + b"\n\n", "c.jsonl: has sha256 "),
    "gone": (lambda data: b"", "c.jsonl:1: is no longer there"),
}


@pytest.mark.parametrize(("edit", "what"), INPUTS.values(), ids=INPUTS)
def test_an_input_that_changed_is_found(
    tmp_path: Path, edit: Callable[[bytes], bytes], what: str
) -> None:
    rows = [row(f"r{n}") for n in range(17)]
    rows[-1] = rows[-1].removesuffix(b"\n")
    run = make_run(tmp_path, rows)
    corpus = tmp_path / "c.jsonl"
    corpus.write_bytes(edit(corpus.read_bytes()))
    assert told(verify(run)) == ""
    assert what in told(verify(run, inputs=True))
