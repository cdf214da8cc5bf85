"""What answers say about a model, and about two."""

import pytest

from curate.api import Context
from curate.traits.findings import Reading, difference, summarise

CTX = Context()


def readings(hits: list[bool], fate: str = "counted", start: int = 0) -> list[Reading]:
    return [
        Reading((f"t/{n}", 0, 0), f"template {n % 5}", fate, float(hit) * 8, hit, {"seen": not hit})
        for n, hit in enumerate(hits, start)
    ]


def test_a_rate_and_a_mean():
    told = readings([n % 4 == 0 for n in range(40)])
    rate = summarise(told, CTX, mean=False, bounds=(0, 10))
    mean = summarise(told, CTX, mean=True, bounds=(0, 10))
    assert rate.value == rate.rate == mean.rate
    assert rate.value.value == 0.25
    assert mean.value.value == 2.0
    assert mean.value.low < 2.0 < mean.value.high
    assert rate.also["seen"].value == 0.75
    assert set(rate.by_template) == {f"template {n}" for n in range(5)}
    assert rate.by_template["template 0"] == (0.25, 8)


def test_what_cannot_be_counted_is_named_and_left_out():
    told = [
        *readings([True] * 10),
        *readings([False] * 2, "truncated", 10),
        *readings([False], "looping", 12),
        *readings([False], "unreadable", 13),
    ]
    found = summarise(told, CTX, mean=False, bounds=(0, 1))
    assert (found.counted, found.answers) == (10, 14)
    assert found.left_out == {"truncated": 2, "looping": 1, "unreadable": 1}
    assert found.value.value == 1.0
    assert found.truncated == pytest.approx(2 / 14)
    assert not found.comparable


@pytest.mark.parametrize(("cut", "comparable"), [(5, True), (6, False)])
def test_more_than_one_in_twenty_cut_off_is_not_compared(cut: int, comparable: bool):
    told = [*readings([False] * (100 - cut)), *readings([False] * cut, "truncated", 100)]
    assert summarise(told, CTX, mean=False, bounds=(0, 1)).comparable is comparable


def test_nothing_counted_is_no_finding():
    found = summarise(readings([False], "empty"), CTX, mean=False, bounds=(0, 1))
    assert not found.comparable
    assert (found.value.low, found.value.high) == (0, 1)


class TestDifference:
    def test_is_paired_by_prompt(self):
        one, other = readings([n % 2 == 0 for n in range(50)]), readings([False] * 50)
        found = difference(one, other[::-1], CTX, mean=False, bounds=(0, 1))
        assert found is not None
        assert found.value == 0.5
        assert found.low > 0

    def test_of_a_model_with_itself_holds_zero(self):
        told = readings([n % 3 == 0 for n in range(60)])
        found = difference(told, told, CTX, mean=True, bounds=(0, 10))
        assert found is not None
        assert found.value == 0
        assert found.low < 0 < found.high

    def test_counts_only_what_both_have(self):
        one = [*readings([True] * 10), *readings([True] * 10, "truncated", 10)]
        found = difference(one, readings([False] * 20), CTX, mean=False, bounds=(0, 1))
        assert found is not None
        assert found.value == 1
        assert difference(one, readings([False], start=99), CTX, mean=False, bounds=(0, 1)) is None
