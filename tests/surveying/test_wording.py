"""A survey in words: no text of a row, nothing that a terminal would obey."""

import json
from pathlib import Path

from curate.audits.wording import Section
from curate.cli import sections
from curate.plan import Input
from curate.surveying import wording
from curate.surveying.survey import survey

HOSTILE = "a\n\x1b[2J\u202e\ud800#"
SECRET = "hunter2"


def lines(path: Path) -> list[str]:
    found, _ = survey([str(path)], Input(shape="messages"))
    return list(sections.lines(Section(*part) for part in wording.parts(found)))


def test_what_a_corpus_names_is_made_visible(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    rows = [
        {
            "messages": [{"role": each, "content": SECRET} for each in (role, "assistant")],
            "teacher": HOSTILE + case, "source": HOSTILE, HOSTILE: value, "finish_reason": "length",
        }
        for role, case, value in (("user", "t", 1), (HOSTILE, "T", SECRET))
    ]  # fmt: skip
    rows.append({"messages": HOSTILE, HOSTILE: SECRET})
    path.write_text("\n".join(map(json.dumps, rows)))
    told = lines(path)
    text = "\n".join(told)
    text.encode()
    assert SECRET not in text
    assert all(line.isprintable() for line in told)
    assert "a␊␛[2J\\u202e\\ud800#t" in text
    assert "3 rows = 2 records + 0 unreadable + 1 not records" in told
    assert any("perhaps one teacher:" in line for line in told)
    assert any("hit a limit of length" in line for line in told)


def test_many_names_are_cut_short(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    rows = [
        {
            "messages": [{"role": "user", "content": "x"}, {"role": f"r{n}", "content": "x"}],
            "teacher": f"teacher {n:03}", "source": f"s{n}", f"key{n}": 1,
        }
        for n in range(300)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)))
    told = lines(path)
    assert len(told) < 120
    assert "  … 290 more teachers" in told
    assert sum("teacher 0" in line for line in told) == 10


def test_a_corpus_without_a_record_is_told_in_two_lines(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"")
    first, *table = lines(path)
    assert first == "0 rows = 0 records + 0 unreadable + 0 not records"
    assert "empty" in table[1]
    assert len(table) == 2


def test_one_row_is_one_record(tmp_path: Path):
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps({"messages": [{"role": "user", "content": "x"}]}))
    assert lines(path)[0] == "1 row = 1 record + 0 unreadable + 0 not records"
