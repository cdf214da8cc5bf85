"""A sweep counts what a rule would hit, from the ledger alone."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rewritten_runs
from curate.api import Rule
from curate.errors import UsageError
from curate.looking import sweep_text
from curate.looking.sweeping import sweep
from curate.looking.thresholds import SCORES, spread
from fake_runs import make_run, row

SIZES = (0, 3, 5, 5, 8, 13)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [row(f"r{n}", answer="y" * size) for n, size in enumerate(SIZES)]
    rows += [row("leaky", answer="sk-1"), b"{\n"]
    plan = "steps: [{use: secrets, do: drop}, {use: size, when: {at_least: 8}, do: drop}]"
    return make_run(tmp_path_factory.mktemp("sweeping"), rows, plan)


def test_it_counts_hits_and_what_the_step_never_saw(run: Path) -> None:
    found = sweep(run, "size", ["4", "5"])
    assert [(point.rule.at_least, point.hits, point.hits_dropped) for point in found.points] == [
        (4.0, 4, 2),
        (5.0, 4, 2),
        (8.0, 2, 2),
    ]
    assert (found.scored, found.abstained) == (5, 1)
    assert (found.dropped_before, found.quarantined_before) == (1, 1)


def test_examples_stand_on_both_sides_the_closest_first(run: Path) -> None:
    point = sweep(run, "size", ["6"], examples=2).points[0]
    assert [(example.id, example.score) for example in point.inside] == [("r4", 8.0), ("r5", 13.0)]
    assert [(example.id, example.score) for example in point.outside] == [("r2", 5.0), ("r3", 5.0)]


def test_by_default_thresholds_are_quantiles_of_the_scores_and_the_runs_own(run: Path) -> None:
    found = sweep(run, "size")
    assert [point.rule.at_least for point in found.points] == [3.0, 5.0, 8.0, 13.0]


def test_the_step_must_exist(run: Path) -> None:
    with pytest.raises(UsageError, match="no step 'sise'; did you mean 'size'"):
        sweep(run, "sise")


@pytest.mark.parametrize("threshold", ["x", "", "1,2", "nan"])
def test_a_threshold_must_fit_the_rule(run: Path, threshold: str) -> None:
    with pytest.raises(UsageError, match=r"rule is at_least: 8\.0, so give one number"):
        sweep(run, "size", [threshold])


@pytest.mark.parametrize("threshold", ["1", "2,1", "1,2,3"])
def test_two_bounds_must_be_a_pair_in_order(tmp_path: Path, threshold: str) -> None:
    run = make_run(tmp_path, [row("r0")], "steps: [{use: size, when: {outside: [1, 9]}}]")
    with pytest.raises(UsageError, match="LOW,HIGH"):
        sweep(run, "size", [threshold])


@settings(max_examples=25)
@given(
    sizes=st.lists(st.integers(0, 20), max_size=12),
    kind=st.sampled_from(["at_least", "at_most", "outside"]),
    bounds=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
    others=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted), max_size=3),
)
def test_a_sweep_agrees_with_running_the_other_plan(
    sizes: list[int], kind: str, bounds: list[int], others: list[list[int]]
) -> None:
    def wanted(pair: list[int]) -> str:
        return ",".join(map(str, pair if kind == "outside" else pair[:1]))

    def hits(pair: list[int]) -> int:
        rule = Rule.model_validate({kind: pair if kind == "outside" else pair[0]})
        return sum(rule.hit(float(size)) for size in sizes if size)

    with tempfile.TemporaryDirectory() as folder:
        when = f"[{wanted(bounds)}]" if kind == "outside" else wanted(bounds)
        rows = [row(f"r{n}", answer="y" * size) for n, size in enumerate(sizes)]
        plan = f"steps: [{{use: size, when: {{{kind}: {when}}}, do: drop}}]"
        run = make_run(Path(folder), rows, plan)
        found = sweep(run, "size", [wanted(pair) for pair in others])
    for pair in [bounds, *others]:
        rule = Rule.model_validate({kind: pair if kind == "outside" else pair[0]})
        assert [point.hits for point in found.points if point.rule == rule] == [hits(pair)]
    as_run = next(point for point in found.points if point.rule == found.rule)
    assert as_run.hits == as_run.hits_dropped


@given(st.lists(st.floats(0, 1), min_size=1))
def test_thresholds_are_few_and_lie_among_the_scores(scores: list[float]) -> None:
    rules = spread(Rule(at_most=0.5), scores)
    assert 1 <= len(rules) <= 9
    assert all(min(scores) * 0.999 <= rule.at_most <= max(scores) * 1.001 for rule in rules)


def test_quantiles_of_very_many_scores_are_close_and_reproducible() -> None:
    scores = [n / 100_000 for n in range(100_000)]
    bounds = [rule.at_least for rule in spread(Rule(at_least=0.5), scores)]
    assert bounds == [rule.at_least for rule in spread(Rule(at_least=0.5), reversed(scores))]
    wanted = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]
    assert len(scores) > SCORES
    assert sorted(bounds) == pytest.approx(wanted, abs=0.03)


def test_a_rule_with_two_bounds_is_not_spread_and_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, [row("r0")], "steps: [{use: size, when: {outside: [1, 9]}}]")
    found = sweep(run, "size")
    assert [point.rule.outside for point in found.points] == [(1.0, 9.0)]
    assert "give pairs, as in --at 0.1,0.9" in list(sweep_text.lines(found))[-1]


def test_in_words(run: Path) -> None:
    lines = list(sweep_text.lines(sweep(run, "size", ["4"], examples=1)))
    place = run.parent / "c.jsonl"
    assert lines == [
        "size (at_least: 8.0, do: drop)",
        "5 records scored, 1 abstained",
        "",
        "  at_least         hits        share       change  dropped now",
        "         4            4       80.00%           +2            2",
        "*        8            2       40.00%       as run            2",
        "",
        "closest to at_least: 4.0",
        f"  hit     5  {place}:3  r2",
        f"  no hit  3  {place}:2  r1",
        "",
        "closest to at_least: 8.0",
        f"  hit     8  {place}:5  r4",
        f"  no hit  5  {place}:3  r2",
        "",
        "2 records are not counted, because this step never scored them: "
        "1 dropped and 1 quarantined before",
        "Later steps saw what this one let pass as run; another threshold would change that.",
    ]


REWRITING = """
steps:
  - {use: size, when: {at_most: 8}, do: {rewrite: {use: cleaner}, guards: [], length: [0, 100]}}
  - {use: size, name: again, when: {at_least: 13}}
"""


def test_of_a_step_that_rewrites_the_scores_are_those_before(tmp_path: Path) -> None:
    rows = [row(f"r{n}", answer="y" * n) for n in range(1, 11)] + [row("r11", answer="none")]
    run = rewritten_runs.make(tmp_path, {"c.jsonl": b"".join(rows)}, REWRITING)
    found = sweep(run, "size", ["4"])
    points = [(p.rule.at_most, p.hits, p.hits_dropped, p.hits_rewritten) for p in found.points]
    assert points == [(4.0, 5, 1, 4), (8.0, 9, 1, 8)]
    assert found.dump()["do"] == "rewrite"
    lines = list(sweep_text.lines(found))
    assert lines[0] == "size (at_most: 8.0, do: rewrite)"
    assert [line.split() for line in lines[3:6]] == [
        ["at_most", "hits", "share", "change", "dropped", "now", "rewritten"],
        ["4", "5", "45.45%", "-4", "1", "4"],
        ["*", "8", "9", "81.82%", "as", "run", "1", "8"],
    ]
    assert any(
        "The scores are those of the texts before this step rewrote them" in s for s in lines
    )
    later = sweep(run, "again", ["10"])
    assert (later.scored, later.rewritten_before) == (10, 8)
    assert "8 records were scored as earlier steps had rewritten them." in sweep_text.lines(later)
