"""The filter: who seems to have written a response, against who the row says did."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from curate.api import Context, Record, Rule, Verdict
from curate.errors import InputError, UsageError
from curate.filters.fingerprint import Fingerprint
from curate.fitting.fingerprint.samples import Sample
from curate.fitting.fingerprint.training import Settings, fit
from curate.io import fields, shapes
from curate.testing import check_filter
from planted_teachers import responses, row, shuffled

VIEW = fields.view(shapes.get("messages"))
SURE = 0.6


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("model") / "teachers.safetensors"
    fit(responses(prompts=150), 0, Settings(folds=3, least=10)).save(found)
    return found


@pytest.fixture
def filter_(path: Path) -> Fingerprint:
    return Fingerprint(model=path, confidence=SURE)


def judge(filter_: Fingerprint, samples: Sequence[Sample]) -> list[Verdict]:
    with filter_.open(Context()) as judge_all:
        return list(judge_all([record(sample) for sample in samples]))


def record(sample: Sample) -> Record:
    return Record(json.dumps(row(sample)).encode(), 1, "rows.jsonl", VIEW)


FORMAL = Sample(
    "moreover hence topic1 therefore thus shared1 hence accordingly", "formal", "p", None
)
"""Whoever reads this knows who wrote it."""


@pytest.mark.parametrize("options", [{}, {"confidence": 0.3}, {"confidence": 1.0}])
def test_keeps_every_promise_of_a_filter(path: Path, options: dict[str, Any]) -> None:
    check_filter(Fingerprint(model=path, **options))


def test_a_row_that_tells_the_truth_is_no_hit(filter_: Fingerprint) -> None:
    (verdict,) = judge(filter_, [FORMAL])
    assert (verdict.score, verdict.reason) == (0.0, "teacher_agrees")
    assert verdict.evidence["teacher"] == verdict.evidence["declared"] == "formal"


def test_a_row_that_declares_another_is_a_hit(filter_: Fingerprint) -> None:
    (verdict,) = judge(filter_, [FORMAL._replace(teacher="curt")])
    assert verdict.reason == "teacher_disagrees"
    assert verdict.score == verdict.evidence["confidence"] >= SURE
    assert (verdict.evidence["teacher"], verdict.evidence["declared"]) == ("formal", "curt")
    assert filter_.default_rule() == Rule(at_least=SURE)
    assert filter_.default_rule().hit(verdict.score)


def test_a_missing_teacher_is_filled_in(filter_: Fingerprint) -> None:
    (verdict,) = judge(filter_, [FORMAL._replace(teacher=None)])
    assert (verdict.score, verdict.reason) == (0.0, "teacher_filled")
    assert verdict.evidence["teacher"] == "formal"
    assert verdict.evidence["confidence"] >= SURE
    assert "declared" not in verdict.evidence


def test_below_the_confidence_nothing_is_claimed(path: Path) -> None:
    vague = FORMAL._replace(text="hence topic1 shared1 hence shared2 topic2 maybe")
    strict = Fingerprint(model=path, confidence=0.99)
    verdicts = judge(strict, [vague._replace(teacher=teacher) for teacher in ("curt", None)])
    assert [each.reason for each in verdicts] == ["teacher_unsure"] * 2
    lying, silent = verdicts
    assert 0 < lying.score == lying.evidence["confidence"] < 0.99  # a sweep can try lower ones
    assert silent.score is None


def test_a_teacher_the_model_does_not_know_is_not_contradicted(filter_: Fingerprint) -> None:
    (verdict,) = judge(filter_, [FORMAL._replace(teacher="somebody")])
    assert (verdict.score, verdict.reason) == (None, "teacher_not_in_model")
    assert verdict.evidence["declared"] == "somebody"


def test_without_a_response_there_is_nothing_to_say(filter_: Fingerprint) -> None:
    assert judge(filter_, [FORMAL._replace(text=" ")]) == [Verdict(None, "no_text")]


def test_planted_lies_are_found_and_the_truth_is_not_accused(filter_: Fingerprint) -> None:
    honest = responses(prompts=100, seed=3)
    lies = [each._replace(teacher="curt") for each in honest if each.teacher != "curt"]
    accused = sum(each.reason == "teacher_disagrees" for each in judge(filter_, honest))
    found = sum(each.reason == "teacher_disagrees" for each in judge(filter_, lies))
    assert found > 0.5 * len(lies)
    assert accused < 0.05 * len(honest)


def test_a_model_of_shuffled_teachers_accuses_nobody(tmp_path: Path) -> None:
    blind = tmp_path / "m.safetensors"
    fit(shuffled(responses(prompts=100)), 0, Settings(folds=3, least=10)).save(blind)
    verdicts = judge(Fingerprint(model=blind, confidence=SURE), responses(prompts=50, seed=3))
    assert Counter(each.reason for each in verdicts)["teacher_disagrees"] == 0


def test_any_batch_gives_the_same(filter_: Fingerprint) -> None:
    samples = responses(prompts=10, seed=4)
    together = judge(filter_, samples)
    assert [judge(filter_, [sample])[0] for sample in samples] == together
    assert judge(filter_, samples[::-1]) == together[::-1]


def test_the_file_is_part_of_what_a_run_is(filter_: Fingerprint, path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert filter_.fingerprint() == {"model": digest}


def test_a_file_that_is_no_fingerprint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        judge(Fingerprint(model=tmp_path / "none.safetensors"), [FORMAL])


def test_without_numpy_the_extra_is_named(
    filter_: Fingerprint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    with pytest.raises(UsageError, match=r"sft-curate\[fast\]"):
        judge(filter_, [FORMAL])


def test_a_text_of_another_kind_is_told(filter_: Fingerprint) -> None:
    strange = FORMAL._replace(text="quite other words than anybody has ever written here before")
    plain, other = judge(filter_, [FORMAL, strange])
    assert plain.evidence["unlike"] < 0.9 < other.evidence["unlike"]
