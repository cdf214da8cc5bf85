"""The report as a reader sees it."""

import audit_corpora as planted
from curate.audits.fingerprint.audit import Settings, audit
from curate.audits.fingerprint.matching import match
from curate.audits.fingerprint.report import Report
from curate.audits.fingerprint.wording import sections
from curate.fitting.fingerprint.samples import Sample


def told(report: Report) -> str:
    lines = []
    for section in sections(report):
        lines += [section.title, *section.before, *map("|".join, section.table), *section.after]
        assert len(set(map(len, section.table))) <= 1
    return "\n".join(lines)


def report(rows: list[Sample], **settings: object) -> Report:
    return audit(planted.corpus(rows), Settings(**settings), fit=planted.fit)  # type: ignore[arg-type]


def test_a_fingerprint_is_told_in_plain_words() -> None:
    text = told(report(planted.samples(120, sources=("a", "b"))))
    assert "Who wrote a response can be told: " in text
    assert "guessing: 33.3%" in text
    assert "A|ada|" in text
    assert 'cyd|"alas"|' in text
    assert "words alone: no marks, no layout, no capitals" in text
    assert "Each teacher left out in turn" in text
    assert "No source is shown to be worse than at home." in text


def test_chance_is_told() -> None:
    text = told(report(planted.shuffled(planted.samples(120)), arms=False))
    assert "Who wrote a response is not shown to be tellable" in text
    assert "No single sign is surely more common" in text
    assert "the accuracy may be chance" in text


def test_where_nothing_can_be_said_that_is_said() -> None:
    text = told(report(planted.samples(60, teachers=("ada",))))
    assert "nothing can be told apart" in text
    assert "None" not in text


def test_how_little_a_filter_did_is_told() -> None:
    rows = planted.samples(100)
    quick = Settings(splits=2, arms=False, strangers=False, sources=False)
    kept = [row for n, row in enumerate(rows) if n % 10]
    text = told(audit(planted.corpus(rows), quick, matched=match(rows, kept)))
    assert "300 rows before, 270 after: 270 unchanged, 0 rewritten, 30 gone, 0 new." in text
    assert "Taking 30 rows away (10.0%): the teacher of a row was named rightly in " in text
    assert "does not take away where the others come from" in text


def test_a_switch_is_told() -> None:
    rows = planted.samples(100)
    others = {row.prompt: row for row in rows if row.teacher == "cyd"}
    after = [others[row.prompt] if row.teacher == "ada" else row for row in rows]
    quick = Settings(splits=2, arms=False, strangers=False, sources=False)
    text = told(audit(planted.corpus(rows), quick, matched=match(rows, after)))
    assert "Rewriting 100 rows: they were named as their old teacher's in " in text
    assert "The rewrite changed the fingerprint of these rows." in text
