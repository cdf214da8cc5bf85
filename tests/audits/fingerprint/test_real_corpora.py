"""An audit of eight models' answers to the same prompts."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from curate.audits.fingerprint.audit import Settings, audit
from curate.audits.fingerprint.matching import match
from curate.audits.fingerprint.probes import fit
from curate.fitting.fingerprint import samples
from curate.fitting.fingerprint.model import Fingerprint
from curate.fitting.fingerprint.samples import Corpus, Sample

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DATE = re.compile(r"\b(?:19|20)\d\d\b|\b(?:today|yesterday|tomorrow)\b", re.IGNORECASE)
FOUR = ("Llama-2-7b-chat-hf", "Yi-34B-Chat", "gpt-4-0314", "vicuna-7b-v1.5")


class Remembering:
    """Fits every probe once, for two audits of one corpus: what they match differs, not whom."""

    def __init__(self) -> None:
        self.known: dict[object, Fingerprint] = {}

    def __call__(self, samples: Sequence[Sample], seed: int, folds: int) -> Fingerprint:
        key = (tuple(samples), seed, folds)
        if key not in self.known:
            self.known[key] = fit(samples, seed, folds)
        return self.known[key]


def read(data_dir: Path, names: Sequence[str]) -> Corpus:
    files = [str(data_dir / "corpora" / f"just_eval.{name}.jsonl") for name in names]
    return samples.read(files)


def test_eight_teachers(data_dir: Path) -> None:
    quick = Settings(splits=1, most=600, arms=False, strangers=False, sources=False)
    found = audit(read(data_dir, ["*"]), quick)
    assert found.accuracy is not None
    assert len(found.recall) == 8
    assert found.accuracy >= 0.57
    ten = found.bags[1].accuracy
    assert ten is not None
    assert ten.value >= 0.93


def test_nine_sources(data_dir: Path) -> None:
    quick = Settings(splits=1, most=600, arms=False, strangers=False)
    found = audit(read(data_dir, FOUR[1:]), quick)
    assert len(found.sources) == 9
    assert all(abs(each.stated - each.accuracy.value) <= 0.15 for each in found.sources)
    assert any(each.shifted for each in found.sources)
    assert "shift" in [caution.code for caution in found.cautions]


def test_dropping_dates_does_not_drop_the_teacher_and_switching_does(data_dir: Path) -> None:
    corpus, once = read(data_dir, FOUR), Remembering()
    quick = Settings(splits=1, arms=False, strangers=False, sources=False)
    rows = corpus.samples
    matched = match(rows, [row for row in rows if not DATE.search(row.text)])
    dropped = audit(corpus, quick, matched=matched, fit=once)
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
    found = audit(corpus, quick, matched=match(mine, switched), fit=once).changes
    assert len(once.known) == quick.splits
    assert found is not None
    assert found.rewrite is not None
    assert found.rewrite.verdict == "changed"
    assert found.rewrite.old_after.value < 0.1
