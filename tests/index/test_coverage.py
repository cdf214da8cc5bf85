"""How much of a corpus an index could answer, counted by teacher and source."""

from pathlib import Path

from curate.index.coverage import coverage
from curate.index.lookup import Index
from curate.io import fields, shapes
from curate.records import Record
from rollout_rows import built, index, record, row

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
