from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.outcomes import Outcomes
from curate.audits.statistics.precision import precision
from curate.audits.statistics.student import quantile
from simulated_studies import Design, Mix, study

DROP = {"drop": 1.0, "clean": -1.0}
LENGTH = {"untouched": 1.0, "clean": -1.0}
LEVELS = {"clean": 0.15, "untouched": 0.75, "drop": 0.45}
TRUTH = 0.5
COMMON_SEEDS = Mix(
    seed=0.5, own_seed=0.1, template=0.1, own_template=0.05, prompt=0.1, own_prompt=0.1
)
OWN_TEMPLATES = Mix(
    seed=0.05, own_seed=0.1, template=0.1, own_template=0.4, prompt=0.15, own_prompt=0.15
)
OWN_SEEDS = Mix(
    seed=0.1, own_seed=0.5, template=0.05, own_template=0.05, prompt=0.1, own_prompt=0.1
)
NOISE = Mix(seed=0, own_seed=0, template=0, own_template=0, prompt=0.2, own_prompt=0.2)
Broken = Callable[[Outcomes, np.random.Generator], Outcomes]


def _as_it_is(outcomes: Outcomes, _: np.random.Generator) -> Outcomes:
    return outcomes


def _unclustered(outcomes: Outcomes, _: np.random.Generator) -> Outcomes:
    return replace(outcomes, templates=tuple(map(str, range(len(outcomes.templates)))))


def _unpaired(outcomes: Outcomes, rng: np.random.Generator) -> Outcomes:
    arms = {name: table[rng.permutation(len(table))] for name, table in outcomes.arms.items()}
    return replace(outcomes, arms=arms)


def _coverage(
    studies: int,
    mix: Mix | None = None,
    design: Design | None = None,
    broken: Broken = _as_it_is,
) -> float:
    """Return how often the interval of leak-through holds the truth."""
    held = 0
    for number in range(studies):
        rng = np.random.default_rng((5, number))
        outcomes = broken(study(rng, LEVELS, mix, design), rng)
        found = Bootstrap(outcomes, number, draws=1000).ratio(DROP, LENGTH)
        assert found is not None
        held += found.low <= TRUTH <= found.high
    return held / studies


@pytest.mark.parametrize("level", [0.002, 0.899], ids=["at 0", "at 1"])
@pytest.mark.parametrize("spread", [1e-2, 1e-3, 1e-5])
def test_an_arm_close_to_an_end_of_the_scale_has_a_place(level: float, spread: float) -> None:
    rng = np.random.default_rng(3)

    def arm(at: float) -> np.ndarray:
        return np.clip(at + spread * rng.normal(size=(8, 32)), 0, 1)

    arms = {"untouched": arm(0.9), "clean": arm(0.001), "drop": arm(level)}
    found = Outcomes(arms, tuple(range(8)), tuple("abcdefgh" * 4), (0.0, 1.0))
    place = Bootstrap(found, 0).ratio(DROP, LENGTH)
    assert place is not None
    assert place.high - place.low < 0.1
    assert place.value == pytest.approx(level / 0.9, abs=0.02)


def test_the_interval_of_leak_through_holds_the_truth() -> None:
    assert 0.93 <= _coverage(400) <= 0.97


@pytest.mark.parametrize(
    ("mix", "broken"),
    [
        pytest.param(None, _unclustered, id="prompts as if no two were alike"),
        pytest.param(COMMON_SEEDS, _unpaired, id="seeds of arms not paired"),
    ],
)
def test_a_broken_bootstrap_would_be_noticed(mix: Mix | None, broken: Broken) -> None:
    assert not 0.93 <= _coverage(200, mix, broken=broken) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mix", "design"),
    [
        pytest.param(None, None, id="as students do"),
        pytest.param(None, Design(samples=1), id="one answer to a prompt"),
        pytest.param(OWN_TEMPLATES, None, id="templates differ most"),
        pytest.param(OWN_SEEDS, None, id="seeds differ most"),
        pytest.param(COMMON_SEEDS, None, id="seeds move all arms"),
        pytest.param(None, Design(templates=20, prompts=3), id="twenty templates"),
        pytest.param(None, Design(seeds=20), id="twenty seeds"),
        pytest.param(None, Design(seeds=3), id="three seeds"),
    ],
)
def test_coverage_over_many_kinds_of_audits(mix: Mix | None, design: Design | None) -> None:
    assert 0.93 <= _coverage(1000, mix, design) <= 0.97


@pytest.mark.slow
def test_where_answers_are_all_the_noise_intervals_are_too_wide_not_too_narrow() -> None:
    assert _coverage(500, NOISE, Design(samples=1)) >= 0.95


def test_arms_are_drawn_together() -> None:
    """An arm that is halfway in every seed and prompt is halfway in every draw."""
    outcomes = study(np.random.default_rng(0), {"clean": 0.2, "untouched": 0.7})
    halfway = (outcomes.arms["clean"] + outcomes.arms["untouched"]) / 2
    outcomes = replace(outcomes, arms={**outcomes.arms, "drop": halfway})
    found = Bootstrap(outcomes, 0).ratio(DROP, LENGTH)
    assert found is not None
    assert found == pytest.approx((0.5, 0.5, 0.5), abs=0.015)


def test_the_width_is_student_s() -> None:
    outcomes = study(np.random.default_rng(1), LEVELS)
    value, error, freedom = precision(outcomes, DROP)
    found = Bootstrap(outcomes, 0, draws=20_000).difference(DROP)
    assert found.value == pytest.approx(value)
    assert found.high - found.low == pytest.approx(2 * error * quantile(0.975, freedom), rel=0.05)


def test_a_ratio_over_a_certain_length_is_the_difference_in_its_units() -> None:
    outcomes = study(np.random.default_rng(2), {"drop": 0.4})
    ends = {name: np.full_like(outcomes.arms["drop"], at) for name, at in
            {"clean": 0.1, "untouched": 0.9}.items()}  # fmt: skip
    bootstrap = Bootstrap(replace(outcomes, arms={**outcomes.arms, **ends}), 3)
    ratio, difference = bootstrap.ratio(DROP, LENGTH), bootstrap.difference(DROP)
    assert ratio is not None
    assert ratio == pytest.approx([bound / 0.8 for bound in difference], abs=1e-6)


def test_a_ratio_is_fieller_s_interval() -> None:
    outcomes = study(np.random.default_rng(4), {"clean": 0.3, "untouched": 0.5, "drop": 0.4})
    found = Bootstrap(outcomes, 0, draws=40_000).ratio(DROP, LENGTH)
    assert found is not None
    line = {"drop": 1.0, "untouched": -found.value, "clean": found.value - 1}
    t = quantile(0.975, precision(outcomes, line).freedom)

    def allowed(ratio: float) -> bool:
        line = {"drop": 1.0, "untouched": -ratio, "clean": ratio - 1}
        value, error, _ = precision(outcomes, line)
        return abs(value) <= t * error

    width = found.high - found.low
    assert allowed(found.low + 0.1 * width)
    assert allowed(found.high - 0.1 * width)
    assert not allowed(found.low - 0.1 * width)
    assert not allowed(found.high + 0.1 * width)


def test_no_ratio_is_stated_over_what_may_be_nothing() -> None:
    outcomes = study(np.random.default_rng(0), {"clean": 0.3, "untouched": 0.3, "drop": 0.6})
    assert Bootstrap(outcomes, 0).ratio(DROP, LENGTH) is None


def test_a_ratio_over_a_negative_length_keeps_its_sign() -> None:
    outcomes = study(np.random.default_rng(0), {"clean": 0.75, "untouched": 0.15, "drop": 0.45})
    found = Bootstrap(outcomes, 0).ratio(DROP, LENGTH)
    assert found is not None
    assert found.low < 0.5 < found.high


def test_draws_follow_from_the_seed_alone() -> None:
    outcomes = study(np.random.default_rng(0), LEVELS)
    one, same, other = (Bootstrap(outcomes, seed).ratio(DROP, LENGTH) for seed in (1, 1, 2))
    assert one == same != other


def test_scores_that_never_differ_have_an_interval_all_the_same() -> None:
    arms = {"clean": np.zeros((8, 60)), "untouched": np.ones((8, 60)), "drop": np.zeros((8, 60))}
    outcomes = Outcomes(arms, tuple(range(8)), ("a", "b", "c", "d", "e", "f") * 10, (0.0, 1.0))
    found = Bootstrap(outcomes, 0).ratio(DROP, LENGTH)
    assert found is not None
    assert -0.01 < found.low < 0 < found.high < 0.01


def test_scores_of_any_range_give_the_same_place_on_the_scale() -> None:
    outcomes = study(np.random.default_rng(6), LEVELS)
    wide = replace(
        outcomes,
        arms={name: 10 * table - 5 for name, table in outcomes.arms.items()},
        bounds=(-5.0, 5.0),
    )
    assert Bootstrap(wide, 0).ratio(DROP, LENGTH) == pytest.approx(
        Bootstrap(outcomes, 0).ratio(DROP, LENGTH)
    )
