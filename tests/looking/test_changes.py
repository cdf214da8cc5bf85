"""Two runs side by side, against a join that holds everything in memory."""

import json
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.errors import InputError, LedgerError
from curate.ledger import Entry
from curate.looking.changes.comparison import Compared, compare
from curate.looking.changes.examples import examples
from curate.looking.changes.matching import matched, pairs
from curate.looking.changes.wording import lines
from fake_runs import SECRET, facts, make_run, row, write_facts
from rewritten_runs import make

DROP = "steps: [{use: secrets, do: drop}, {use: size, when: {at_least: 60}, do: drop}]"
FLAG = "steps: [{use: secrets, do: flag}, {use: size, when: {at_least: 90}, do: drop}]"
ANSWERS = st.lists(st.sampled_from([0, 1, 30, 70, 95, -1]), max_size=25)


def entry(index: int, digest: str, file: str, line: int) -> Entry:
    return Entry(index, file, line, "i", digest, "kept", ())


ENTRIES = st.lists(
    st.tuples(st.sampled_from(["aa", "bb"]), st.sampled_from("xy"), st.integers(1, 3)), max_size=7
).map(lambda found: [entry(n, *each) for n, each in enumerate(found)])


@given(ENTRIES, ENTRIES)
def test_every_record_is_in_one_pair_and_place_comes_first(
    ones: list[Entry], others: list[Entry]
) -> None:
    found = list(matched(ones, others))
    assert sorted(each.one.index for each in found if each.one) == [e.index for e in ones]
    assert sorted(each.other.index for each in found if each.other) == [e.index for e in others]
    for pair in found:
        if pair.one and pair.other:
            assert pair.one.digest == pair.other.digest
    alone = [pair for pair in found if not (pair.one and pair.other)]
    for one, other in product(alone, alone):  # nobody is left alone who had a counterpart
        if one.one and other.other:
            assert one.one.digest != other.other.digest
    places = [Counter((e.digest, e.file, e.line) for e in side) for side in (ones, others)]
    stay = sum(
        (p.one.digest, p.one.file, p.one.line) == (p.other.digest, p.other.file, p.other.line)
        for p in found
        if p.one and p.other
    )
    assert stay == sum((places[0] & places[1]).values())


def rows(answers: list[int]) -> list[bytes]:
    return [row("r", answer="sk-12345678" if size < 0 else "y" * size) for size in answers]


@given(ANSWERS, ANSWERS, st.booleans())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_counts_are_those_of_a_join_in_memory(
    tmp_path_factory: pytest.TempPathFactory, first: list[int], second: list[int], same: bool
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    one = make_run(folder / "a", rows(first), DROP)
    other = make_run(folder / "b", rows(first if same else second), FLAG)
    found = compare(one, other, 2)
    check(found, entries(one), entries(other))
    assert sum(1 for _ in pairs(one, other)) == found.matched + sum(found.gone.values()) + sum(
        found.new.values()
    )


def check(found: Compared, ones: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    """Hold the counts against those of groups of equal lines: here equal lines fare equally."""
    groups: dict[str, tuple[list[Any], list[Any]]] = {}
    for side, told in enumerate((ones, others)):
        for each in told:
            groups.setdefault(each["digest"], ([], []))[side].append(each)
    fates: Counter[tuple[str, str]] = Counter()
    gone, new, moved, hits = 0, 0, 0, 0
    for left, right in groups.values():
        both = min(len(left), len(right))
        gone, new = gone + len(left) - both, new + len(right) - both
        for before, after in zip(left, right, strict=False):
            fates[before["fate"], after["fate"]] += 1
            looks = [{look["step"]: look for look in each["trail"]} for each in (before, after)]
            for name in looks[0].keys() & looks[1].keys():
                moved += looks[0][name].get("score") != looks[1][name].get("score")
                hits += looks[0][name]["hit"] and not looks[1][name]["hit"]
    assert found.fates == fates
    assert sum(found.causes.values()) == sum(
        count for (before, after), count in fates.items() if before != after
    )
    assert (sum(found.gone.values()), sum(found.new.values())) == (gone, new)
    assert sum(shift.moved for shift in found.shifts.values()) == moved == 0
    assert sum(shift.lost_hits for shift in found.shifts.values()) == hits


def entries(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "ledger.jsonl").read_bytes().splitlines()]


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """The same rows, in another order and one more, by two plans."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    corpus = [row(f"r{n}", answer="y" * n) for n in range(100)]
    corpus += [row("leak", answer=f"it is {SECRET}, {'z' * 30}")]
    one = make_run(tmp_path / "a", corpus, DROP)
    other = make_run(tmp_path / "b", [row("new"), *reversed(corpus)], FLAG)
    return one, other


def test_what_changed_is_told_with_who_decided(runs: tuple[Path, Path]) -> None:
    found = compare(*runs, 1)
    assert found.differs
    assert dict(found.fates) == {
        ("kept", "kept"): 60, ("dropped", "kept"): 31, ("dropped", "dropped"): 10,
    }  # fmt: skip
    causes = {(cause.by, cause.by_after): count for cause, count in found.causes.items()}
    assert causes == {("size", ""): 30, ("secrets", ""): 1}
    assert dict(found.new) == {"kept": 1}
    shift = found.shifts["size"]
    assert (shift.both, shift.moved, shift.lost_hits, shift.seen_once) == (99, 0, 30, 1)
    shown = list(examples(*runs, found))
    text = "\n".join(lines(found, shown))
    assert "101 records are in both runs: 31 changed fate" in text
    assert "only: kept 1" in text
    assert "dropped by size -> kept" in text
    assert 'step secrets.do: "drop" -> "flag"' in text


def test_what_one_run_marks_is_masked_in_both(runs: tuple[Path, Path]) -> None:
    found = compare(*runs, 50)
    shown = list(examples(*runs, found))
    assert any(each.one and each.one.id == "leak" for each in shown)
    assert SECRET not in repr(shown)


def test_what_only_the_other_run_marks_is_masked(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    corpus = [row("leak", answer=f"it is {SECRET}, {'z' * 60}")]
    blind = make_run(tmp_path / "a", corpus, "steps: [{use: size, when: {at_least: 1}}]")
    seeing = make_run(tmp_path / "b", corpus, "steps: [{use: secrets, do: drop}]")
    for one, other in ((blind, seeing), (seeing, blind)):
        found = compare(one, other, 5)
        (shown,) = examples(one, other, found)
        assert shown.one
        assert shown.other
        assert "it is s••" in shown.one.text
        assert SECRET not in repr(shown)


def test_what_no_sensitive_step_saw_is_withheld(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
    corpus = [row("a", answer=f"{SECRET} {'z' * 60}"), row("b", answer="sk-12345678")]
    plan = "steps: [{use: size, when: {at_least: 50}, do: %s}, {use: secrets, do: %s}]"
    one = make_run(tmp_path / "a", corpus, plan % ("drop", "drop"))
    without = make_run(tmp_path / "b", corpus[1:], plan % ("drop", "drop"))
    (shown,) = examples(one, without, compare(one, without, 5))
    assert shown.one
    assert shown.one.text == "[withheld: `secrets` did not see it]"
    other = make_run(tmp_path / "c", corpus, plan % ("flag", "flag"))
    found = compare(one, other, 5)  # here the other run's step saw it
    shown = next(each for each in examples(one, other, found) if each.one and not each.one.index)
    assert shown.one
    assert shown.one.text.startswith("s•")
    assert SECRET not in repr(shown)


@pytest.mark.parametrize("part", ["steps", "identity", "inputs", "curate"])
def test_a_run_that_is_damaged_is_said_and_no_bug(tmp_path: Path, part: str) -> None:
    run = make_run(tmp_path, [row("a")])
    told = facts(run)
    del told[part]
    write_facts(run, told)
    with pytest.raises(LedgerError, match=f"run: not what a run writes .KeyError: '{part}'"):
        compare(run, run, 1)


def test_rows_that_were_rewritten_differently_are_told(tmp_path: Path) -> None:
    corpus = {"c.jsonl": row("a", answer="a bad answer") + row("b")}
    plan = """
steps:
  - use: holds
    do: {rewrite: {use: cleaner, with: {text: %s}}, guards: [], length: [0, 100]}
"""
    one = make(tmp_path, corpus, plan % "first", "one")
    other = make(tmp_path, corpus, plan % "second", "other")
    found = compare(one, other, 3)
    assert (found.texts, found.matched, dict(found.causes)) == (1, 2, {})
    (shown,) = examples(one, other, found)
    assert shown.one
    assert shown.other
    assert (shown.kind, shown.one.text, shown.other.text) == ("other text", "first", "second")


def test_a_run_is_equal_to_itself(runs: tuple[Path, Path]) -> None:
    found = compare(runs[0], runs[0], 3)
    assert not found.differs
    assert next(lines(found, [])).startswith("no record differs: 101 have")


def test_scores_that_moved_are_summed(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row(f"r{n}", answer="y" * n) for n in range(1, 5)])
    other = tmp_path / "other"
    other.mkdir()
    for path in run.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    told = entries(run)
    told[2]["trail"][1]["score"] += 2.5
    told[3]["trail"][1]["score"] -= 0.5
    text = "".join(json.dumps(each) + "\n" for each in told)
    (other / "ledger.jsonl").write_text(text, "utf-8")
    shift = compare(run, other, 0).shifts["size"]
    assert (shift.both, shift.moved, shift.up, shift.mean) == (4, 2, 1, 0.5)
    assert shift.largest is not None
    assert (shift.largest.by, shift.largest.index) == (2.5, 2)


def test_a_damaged_ledger_and_a_run_that_is_none_are_said(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("a")])
    with pytest.raises(InputError, match="not a run directory"):
        compare(run, tmp_path, 1)
    (run / "ledger.jsonl").write_text('{"digest": 1}\n', "utf-8")
    with pytest.raises(LedgerError, match=r"ledger.jsonl:1: damaged"):
        compare(run, run, 1)


def test_another_version_of_curate_is_told(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    one, other = (make_run(tmp_path / name, [row("a")]) for name in "ab")
    write_facts(other, facts(other) | {"curate": "9"})
    assert "curate: 0.1.0 -> 9" in compare(one, other, 0).settings
