"""An audit of eight models' answers to the same prompts."""

import re
from pathlib import Path

import pytest

from curate.audits.fingerprint.audit import Settings, audit
from curate.audits.fingerprint.matching import match
from curate.fitting.fingerprint import samples

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DATE = re.compile(r"\b(?:19|20)\d\d\b|\b(?:today|yesterday|tomorrow)\b", re.IGNORECASE)
FOUR = ("Llama-2-7b-chat-hf", "Yi-34B-Chat", "gpt-4-0314", "vicuna-7b-v1.5")


def test_eight_teachers(data_dir: Path) -> None:
    corpus = samples.read([str(data_dir / "corpora" / "just_eval.*.jsonl")])
    found = audit(corpus, Settings(splits=1, most=600, arms=False, strangers=False, workers=2))
    assert found.accuracy is not None
    assert found.accuracy >= 0.57
    ten = found.bags[1].accuracy
    assert ten is not None
    assert ten.value >= 0.93
    assert len(found.sources) == 9
    assert all(abs(each.stated - each.accuracy.value) <= 0.15 for each in found.sources)
    assert any(each.shifted for each in found.sources)
    assert "shift" in [caution.code for caution in found.cautions]


def test_dropping_dates_does_not_drop_the_teacher_and_switching_does(data_dir: Path) -> None:
    files = [str(data_dir / "corpora" / f"just_eval.{name}.jsonl") for name in FOUR]
    corpus = samples.read(files)
    quick = Settings(splits=2, arms=False, strangers=False, sources=False, workers=2)
    rows = corpus.samples
    dropped = audit(
        corpus, quick, matched=match(rows, [r for r in rows if not DATE.search(r.text)])
    )
    assert dropped.changes is not None
    assert dropped.changes.gone > 100
    assert dropped.changes.kept is not None
    assert abs(dropped.changes.kept.change.value) < 0.03
    others = {row.prompt: row for row in rows if row.teacher == "vicuna-7b-v1.5"}
    mine = [row for row in rows if row.teacher == "Llama-2-7b-chat-hf"]
    switched = [
        row._replace(text=other.text, teacher=other.teacher)
        if "!" in row.text and (other := others.get(row.prompt))
        else row
        for row in mine
    ]
    found = audit(corpus, quick, matched=match(mine, switched)).changes
    assert found is not None
    assert found.rewrite is not None
    assert found.rewrite.verdict == "changed"
    assert found.rewrite.old_after.value < 0.1
