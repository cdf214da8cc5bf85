import numpy as np
import pytest

from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.power import (
    detectable,
    needed,
    planned,
    reachable,
    smallest_p,
    standardised,
)
from curate.audits.statistics.precision import Components, Precision, components, precision
from curate.audits.statistics.student import quantile
from simulated_studies import Design, study

DROP = {"drop": 1.0, "clean": -1.0}


@pytest.mark.parametrize(
    ("pairs", "known"), [(3, 3.26), (5, 1.68), (6, 1.43), (8, 1.16), (10, 1.00), (20, 0.66)]
)
def test_the_standardised_effect_is_that_of_the_tables(pairs: int, known: float) -> None:
    assert standardised(pairs) == pytest.approx(known, abs=0.005)


def test_a_paired_t_test_finds_that_effect_four_times_in_five() -> None:
    rng = np.random.default_rng(0)
    found = rng.normal(standardised(8), 1, (20_000, 8))
    t = found.mean(axis=1) / (found.std(axis=1, ddof=1) / np.sqrt(8))
    assert (np.abs(t) > quantile(0.975, 7)).mean() == pytest.approx(0.8, abs=0.01)


def test_one_detectable_effect_is_the_standardised_one_times_the_spread() -> None:
    assert detectable(Precision(0.3, 0.2 / np.sqrt(8), 7)) == pytest.approx(0.2 * standardised(8))


@pytest.mark.parametrize(("pairs", "p"), [(5, 0.0625), (6, 0.03125), (8, 0.0078125)])
def test_the_least_p_of_a_design(pairs: int, p: float) -> None:
    assert smallest_p(pairs) == p


def test_a_design_is_known_to_be_hopeless_before_it_is_run() -> None:
    assert not reachable(5)
    assert reachable(6)
    assert not reachable(8, comparisons=7)
    assert reachable(8, comparisons=6)
    assert needed() == 6
    assert needed(comparisons=7) == 9
    assert needed(alpha=0.01) == 8


def test_more_seeds_and_more_templates_find_less_until_the_other_decides() -> None:
    pilot = Components(seeds=0.01, templates=0.02, rest=0.03)
    assert planned(pilot, 16, 6) < planned(pilot, 8, 6)
    assert planned(pilot, 8, 24) < planned(pilot, 8, 6)
    assert planned(pilot, 10_000, 6) > np.sqrt(0.02 / 6) * 2.8


@pytest.mark.slow
def test_a_planned_effect_is_found_four_times_in_five() -> None:
    """By the audit's own interval, at the design the pilot was asked about."""

    def levels(effect: float) -> dict[str, float]:
        return {"clean": 0.5 - effect / 2, "drop": 0.5 + effect / 2}

    large = Design(seeds=20, templates=20)
    pilots = [
        components(study(np.random.default_rng((1, n)), levels(0.12), design=large), DROP)
        for n in range(100)
    ]
    effect = planned(Components(*np.mean(pilots, axis=0)), 8, 6)
    assert effect == pytest.approx(0.12, abs=0.02)
    found = 0
    for number in range(600):
        drawn = study(np.random.default_rng((2, number)), levels(effect))
        found += Bootstrap(drawn, number, draws=1000).difference(DROP).low > 0
    assert found / 600 == pytest.approx(0.8, abs=0.06)


def test_the_error_is_the_spread_of_the_estimate_over_audits() -> None:
    levels = {"clean": 0.2, "drop": 0.5}
    found = [precision(study(np.random.default_rng((3, n)), levels), DROP) for n in range(300)]
    spread = np.std([each.value for each in found])
    assert np.sqrt(np.mean([each.error**2 for each in found])) == pytest.approx(spread, rel=0.12)
