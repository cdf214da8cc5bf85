import math

import pytest
from pydantic import ValidationError

from curate.filters.quality.metrics import METRICS
from curate.filters.quality.rules import RULE_SETS, Limit, make_rules
from curate.filters.quality.text import Text
from curate.filters.quality.words import whitespace


def bounds(sets: list[str], **limits: Limit) -> dict[str, tuple[float, float]]:
    return {rule.metric.name: (rule.low, rule.high) for rule in make_rules(sets, limits)}


def test_every_set_bounds_known_metrics_and_no_two_sets_the_same() -> None:
    names = [name for rules in RULE_SETS.values() for name in rules]
    assert len(names) == len(set(names))
    assert set(names) <= set(METRICS)


@pytest.mark.parametrize(
    ("limit", "result"),
    [
        pytest.param(Limit(min=10), (10, 100_000), id="one-end"),
        pytest.param(Limit(max=70), (50, 70), id="other-end"),
        pytest.param(Limit(min=1, max=2), (1, 2), id="both"),
        pytest.param(Limit(min=None), (-math.inf, 100_000), id="take-away"),
        pytest.param(Limit(), (50, 100_000), id="nothing-said"),
    ],
)
def test_a_limit_changes_what_it_names(limit: Limit, result: tuple[float, float]) -> None:
    assert bounds(["gopher_quality"], non_symbol_words=limit)["non_symbol_words"] == result


def test_a_rule_without_bounds_is_gone() -> None:
    left = bounds(["gopher_quality"], stop_words=Limit(min=None))
    assert set(left) == set(RULE_SETS["gopher_quality"]) - {"stop_words"}


def test_a_limit_adds_a_rule() -> None:
    assert bounds([], characters=Limit(max=9)) == {"characters": (-math.inf, 9)}


def test_rules_stand_in_the_order_of_the_metrics_whatever_the_plan_says() -> None:
    one = make_rules(["gopher_quality", "c4"], {"words": Limit(min=1), "characters": Limit(min=1)})
    two = make_rules(["c4", "gopher_quality"], {"characters": Limit(min=1), "words": Limit(min=1)})
    names = [rule.metric.name for rule in one]
    assert one == two
    assert names == [name for name in METRICS if name in names]


@pytest.mark.parametrize(
    ("sets", "limits", "message"),
    [
        pytest.param([], {"charcters": Limit(min=1)}, "did you mean 'characters'", id="misspelt"),
        pytest.param([], {}, "no rule is left", id="empty"),
        pytest.param(["c4"], {"c4_sentences": Limit(max=3)}, "min 5 is above max 3", id="crossed"),
    ],
)
def test_refuses(sets: list[str], limits: dict[str, Limit], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_rules(sets, limits)


@pytest.mark.parametrize("bound", [math.nan, math.inf])
def test_a_bound_is_a_finite_number(bound: float) -> None:
    with pytest.raises(ValidationError):
        Limit(min=bound)


@pytest.mark.parametrize(
    ("words", "value", "reason"),
    [(1, 1, "too_few_words"), (2, None, None), (3, None, None), (4, 4, "too_many_words")],
)
def test_both_ends_are_allowed(words: int, value: int | None, reason: str | None) -> None:
    (rule,) = make_rules([], {"words": Limit(min=2, max=3)})
    assert rule.broken_by(Text("w " * words, whitespace)) == value
    assert value is None or rule.reason(value) == reason
