"""Drawings show what the numbers say: which bars are hits, where the threshold is, what is left."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.api import Rule
from curate.looking.thresholds import bounds, kind
from curate.report.gathering import gather
from curate.report.model import Step
from curate.report.numbers import number, per_cent
from curate.report.page.histogram import histogram
from curate.report.page.waterfall import waterfall
from curate.report.scores import Histogram
from fake_runs import make_run, row
from parsed_pages import Page

RULES = st.one_of(
    st.builds(lambda x: Rule(at_least=x), st.integers(-2, 12)),
    st.builds(lambda x: Rule(at_most=x), st.integers(-2, 12)),
    st.builds(lambda x, y: Rule(outside=(x, x + y)), st.integers(-2, 6), st.integers(0, 6)),
)


def drawn(rule: Rule, values: list[float]) -> Page:
    """The histogram of a step with that rule and these scores."""
    found = Histogram()
    for value in values:
        found.add(value)
    scores = found.scores(bounds(rule))
    assert scores is not None
    step = Step(
        name="s", use="s", version="1", distribution="", rule=str(rule), kind=kind(rule),
        bounds=bounds(rule), do="flag", seen=len(values), hits=sum(map(rule.hit, values)),
        abstained=0, dropped=0, quarantined=0, errors=0, left=0, reasons=(), other_reasons=0,
        scores=scores, examples=(),
    )  # fmt: skip
    return Page(histogram("drawing", step, scores))


@given(RULES, st.lists(st.integers(0, 10).map(float), min_size=1, max_size=30))
@settings(deadline=None)
def test_bars_of_hits_are_those_that_the_rule_hits(rule: Rule, values: list[float]) -> None:
    bars = [found for tag, found in drawn(rule, values).attributes if tag == "rect"]
    expected = ["hit" if rule.hit(value) else "miss" for value in sorted(set(values))]
    assert [each["class"] for each in bars] == expected


@given(RULES, st.lists(st.integers(0, 10).map(float), min_size=1, max_size=30))
@settings(deadline=None)
def test_a_threshold_parts_hits_from_the_others(rule: Rule, values: list[float]) -> None:
    page = drawn(rule, values)
    lines = [
        float(re.findall(r"M([\d.]+)", found["d"] or "")[0])
        for tag, found in page.attributes
        if tag == "path" and found["class"] == "bound"
    ]
    low, high = (min(lines), max(lines)) if len(lines) == 2 else (lines[0], lines[0])
    for tag, found in page.attributes:
        if tag == "rect":
            middle = float(found["x"] or 0) + float(found["width"] or 0) / 2
            hits = {"at_least": middle > low, "at_most": middle < low}
            expected = hits.get(kind(rule), middle < low or middle > high)
            assert (found["class"] == "hit") is expected


def test_many_scores_make_bars_and_the_rest_stands_at_the_end() -> None:
    page = drawn(Rule(at_least=90), [float(n % 100) for n in range(5000)] + [1e7] * 3)
    kinds = [found["class"] for tag, found in page.attributes if tag == "rect"]
    assert kinds[-1] == "rest"
    assert kinds.count("rest") == 1
    assert set(kinds) == {"hit", "miss", "rest"}
    assert "3 lie outside the bars" in page.text


def test_bars_of_the_waterfall_are_as_long_as_what_is_left(tmp_path: Path) -> None:
    plan = "steps: [{use: size, when: {at_least: 50}, do: drop}, {use: secrets, do: drop}]"
    report = gather(make_run(tmp_path, [row(f"r{n}", answer="y" * n) for n in range(100)], plan))
    page = Page(waterfall(report))
    bars = [
        (found["class"], float(found["width"] or 0))
        for tag, found in page.attributes
        if tag == "rect"
    ]
    whole = bars[0][1]
    assert [(name, round(wide / whole, 2)) for name, wide in bars] == [
        ("left end", 1.0), ("left", 0.5), ("dropped", 0.5), ("left", 0.5), ("left end", 0.5),
    ]  # fmt: skip
    assert "−50 dropped" in page.text
    assert "read: 100; size: 50; secrets: 50; kept: 50" in page.text


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, "0.0 %"), (0, 9, "0.0 %"), (9, 9, "100.0 %"), (1, 10**6, "<0.1 %"),
     (10**6 - 1, 10**6, ">99.9 %"), (1, 3, "33.3 %")],
)  # fmt: skip
def test_a_share_is_never_more_than_it_is(part: int, whole: int, told: str) -> None:
    assert per_cent(part, whole) == told


def test_numbers_are_short() -> None:
    assert [number(each) for each in (1234567, 4.0, 0.25, 1e-9)] == [
        "1,234,567", "4", "0.25", "1e-09",
    ]  # fmt: skip
