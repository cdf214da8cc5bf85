"""What a survey remembers has bounds, and says what is beyond them."""

import json

from curate import views
from curate.io import shapes
from curate.plan import Input
from curate.records import Record
from curate.surveying import faults, keys, names, teachers
from curate.surveying.faults import Faults
from curate.surveying.keys import Keys
from curate.surveying.names import LONGEST, Count, Names
from curate.surveying.teachers import NOBODY, TeacherTally

VIEW = views.view(Input(), "rows.jsonl", shapes.get("messages"))


def by(teacher: str) -> Record:
    messages = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]
    row = {"messages": messages, "teacher": teacher}
    return Record(json.dumps(row).encode(), 1, "rows.jsonl", VIEW)


def test_names_beyond_the_most_are_counted_together():
    counted = Names(most=2)
    for name in ("a", "b", "c", "a", "d"):
        counted.add(name)
    assert counted.counts() == names.Counts((Count("a", 2), Count("b", 1)), others=2)


def test_names_are_told_apart_by_their_first_characters():
    counted = Names()
    for end in ("x", "y"):
        counted.add("n" * LONGEST + end)
    assert counted.counts().names == (Count("n" * LONGEST, 2),)


def test_reasons_beyond_the_most_are_other_reasons(monkeypatch):
    monkeypatch.setattr(faults, "_MOST", 2)
    found = Faults()
    for reason in ("a", "b", "c", "d", "b"):
        found.add(reason, by("t"))
    told = {fault.reason: fault.rows for fault in found.faults()}
    assert told == {"a": 1, "b": 2, "other reasons": 2}


def test_keys_beyond_the_most_are_counted_together(monkeypatch):
    monkeypatch.setattr(keys, "_MOST", 2)
    found = Keys()
    for row in ({"a": 1, "b": 1}, {"c": 1, "d": 1}, {"a": 1}):
        found.add(row)
    assert found.others == 2
    assert [(key.name, key.missing) for key in found.uneven()] == [("a", 1), ("b", 2)]


def test_teachers_beyond_the_most_have_no_number(monkeypatch):
    monkeypatch.setattr(teachers, "MOST", 2)
    tally = TeacherTally()
    assert [tally.add(by(name)) for name in "abcab"] == [0, 1, NOBODY, 0, 1]
    assert tally.teachers().other_rows == 1
    assert [(each.name, each.rows) for each in tally.teachers().named] == [("a", 2), ("b", 2)]
