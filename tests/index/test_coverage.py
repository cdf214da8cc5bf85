"""How much of a corpus an index could answer, counted by teacher and source."""

from dataclasses import replace
from pathlib import Path

import pytest

from curate.errors import InputError
from curate.index.coverage import coverage, of_corpora
from curate.index.lookup import Index
from curate.io import fields, shapes
from curate.plan import Input
from curate.records import Record
from rollout_rows import built, index, record, row, write

CLEAN = [
    row("Why?", "x", "b"),
    row("How?", "x", "a"),
    row("when?", "x", "a"),
    row("Who?", "x", "b"),
]


def test_every_record_is_in_one_count(tmp_path: Path):
    rows = [
        row("Why?", "o", "a", source="s"),
        row("WHY?", "o", "a", source="s"),
        row("How?", "o", "a", source="t"),
        row("When? ", "o", "a"),
        row("Where?", "o", "a"),
        row("", "o", "a"),
        row("Who?", "o"),
    ]
    broken = Record(b"{", 9, "f", fields.view(shapes.get("messages")))
    none = Record(b"{}", 9, "f", fields.view(shapes.get("messages")))
    told = [(record(each), ["all"]) for each in rows] + [(broken, ["all"]), (none, ["all", "one"])]
    with Index(index(tmp_path, CLEAN)) as opened:
        found = coverage(opened, told, ["all", "one", "empty"])
    everything = found["all"].dump()
    counts = ("rows", "exact", "normalised", "none", "same_teacher", "share")
    assert [everything[name] for name in counts] == [7, 3, 2, 2, 2, 3 / 7]
    assert everything["unusable"] == {"not_json": 1, "not_a_record": 1}
    by_teacher = {each["teacher"]: each["rows"] for each in everything["by_teacher"]}
    assert by_teacher == {"a": 6, None: 1}
    by_source = {each["source"]: (each["exact"], each["share"]) for each in everything["by_source"]}
    assert by_source == {"s": (1, 1.0), "t": (1, 0.0), None: (1, 0.25)}
    assert found["one"].dump()["unusable"] == {"not_a_record": 1}
    assert found["empty"].dump()["share"] is None


def test_batches_make_no_difference(tmp_path: Path):
    rows = [row(f"Question {n}?", "x", "a") for n in range(4100)]
    corpus = tmp_path / "clean.jsonl"
    path = index(tmp_path, rows[:2050])
    assert built(path, corpus).rows == 2050
    with Index(path) as opened:
        found = coverage(opened, ((record(each), ["all"]) for each in rows), ["all"])
    assert (found["all"].total.exact, found["all"].total.none) == (2050, 2050)


def test_a_teacher_is_its_own_by_any_of_its_names(tmp_path: Path):
    asked = record(row("Why?", "o", "B"))
    asked.view = replace(asked.view, aliases={"b": "B"})
    with Index(index(tmp_path, CLEAN)) as opened:
        found = coverage(opened, [(asked, ["all"])], ["all"])
    assert (found["all"].total.exact, found["all"].total.same_teacher) == (1, 1)


def test_corpora_are_told_by_file_as_their_plan_reads_them(tmp_path: Path):
    one = write(tmp_path / "1.jsonl", [row("Why?", "o", "B"), row("Where?", "o", "a")])
    other = write(tmp_path / "2.jsonl", [row("HOW?", "o", "c")])
    files = [str(one), str(other)]
    with Index(index(tmp_path, CLEAN)) as opened:
        found = of_corpora(opened, files, Input(aliases={"B": ["b"]}))
        with pytest.raises(InputError, match="no such file"):
            of_corpora(opened, [str(tmp_path / "none")], Input())
    counts = [
        (each.total.rows, each.total.exact, each.total.same_teacher) for each in found.values()
    ]
    assert list(found) == files
    assert counts == [(2, 1, 1), (1, 0, 0)]
