"""What the cards claim about their offline scorers, measured again.

A card claims neither more nor less than is measured here. No pattern was written for a held-out
case, yet cases and patterns have the same authors; those of the kind `later` were written when the
patterns were fixed, to be hard. Of the real answers every hit was read by hand.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from curate.records import Record
from curate.traits import cases, loading
from curate.traits.card import Measured, Share
from curate.traits.cases import Case, Confusion
from curate.traits.intervals import wilson
from trait_rows import real_answers, real_cases
from trait_scorers import judged

CASES = Path(__file__).parent / "cases"
CARDS = loading.names()
RIGHT = {"date_confusion": 2, "provider_identity": 6}
"""Hits among the real answers that show the trait: two answers say that a past year has not
happened yet, six say which company made them. All other hits are false alarms."""
JUST_EVAL = 8000


def claims(card: str, about: str) -> list[Measured]:
    return [each for each in loading.load(card).measured if about in each.cases]


def measure(card: str, known: list[Case]) -> Confusion:
    rule, verdicts = judged(card, [case.record() for case in known])
    scores = [verdict.score for verdict in verdicts]
    return cases.compare(known, scores, [s is not None and rule.hit(s) for s in scores])


def measured_as(claimed: Measured, found: Confusion) -> None:
    assert claimed.precision == found.precision
    assert claimed.recall == found.recall
    assert claimed.false_alarms == found.false_alarm_rate


@cache
def answers(data: Path) -> list[Record]:
    return real_answers(data)


@pytest.mark.parametrize("card", CARDS)
class TestClaims:
    def test_held_out_cases(self, card: str):
        known = [case for case in cases.read(CASES / f"{card}.jsonl") if case.held_out]
        (claimed,) = claims(card, "held-out")
        measured_as(claimed, measure(card, known))

    def test_there_are_enough_cases_of_every_sort(self, card: str):
        known = cases.read(CASES / f"{card}.jsonl")
        assert len(known) >= 60
        for held_out in (True, False):
            labels = [case.label for case in known if case.held_out is held_out]
            assert min(labels.count(True), labels.count(False)) >= 10
        assert len({case.kind for case in known if not case.label}) >= 4

    def test_no_case_is_there_twice(self, card: str):
        lines = (CASES / f"{card}.jsonl").read_text("utf-8").splitlines()
        texts = [(row.get("prompt"), row["text"]) for row in map(json.loads, lines)]
        assert len(set(texts)) == len(texts)

    def test_the_tuning_half_hides_no_bug(self, card: str):
        known = [case for case in cases.read(CASES / f"{card}.jsonl") if not case.held_out]
        found = measure(card, known)
        assert found.recall.value >= 0.9
        assert found.precision.value >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS)
class TestRealText:
    def test_labelled_rows(self, card: str, data_dir: Path):
        found = measure(card, real_cases(card, data_dir))
        for claimed in claims(card, "real rows"):
            measured_as(claimed, found)
        assert found.false_alarm_rate.value <= 0.06

    def test_all_answers(self, card: str, data_dir: Path):
        records = answers(data_dir)
        assert len(records) == 16_770
        if claimed := claims(card, "16,770"):
            rule, verdicts = judged(card, records)
            hits = sum(rule.hit(verdict.score) for verdict in verdicts)
            right = RIGHT.get(card, 0)
            wrong, of = hits - right, len(records) - right
            assert claimed[0].false_alarms == Share.from_interval(wilson(wrong, of), of)

    def test_claims_of_identity(self, card: str, data_dir: Path):
        for claimed in claims(card, "just_eval answers"):
            rule, verdicts = judged(card, answers(data_dir)[:JUST_EVAL])
            hits = sum(rule.hit(verdict.score) for verdict in verdicts)
            assert claimed.precision == Share.from_interval(wilson(RIGHT[card], hits), hits)


def test_a_card_that_claims_more_is_caught():
    (claimed,) = claims("refusal", "held-out")
    assert claimed.recall is not None
    more = claimed.recall.model_copy(update={"value": claimed.recall.value + 0.01})
    known = [case for case in cases.read(CASES / "refusal.jsonl") if case.held_out]
    with pytest.raises(AssertionError):
        measured_as(claimed.model_copy(update={"recall": more}), measure("refusal", known))
