import numpy as np
import pytest

from curate.audits.statistics.outcomes import Outcomes
from curate.audits.statistics.precision import Components, components, precision

ARM = {"arm": 1.0}


def _outcomes(table: np.ndarray, templates: str, bounds: tuple[float, float] = (0, 1)) -> Outcomes:
    return Outcomes({"arm": table}, tuple(range(len(table))), tuple(templates), bounds)


def test_where_only_seeds_differ_it_is_the_paired_t_test() -> None:
    seeds = np.array([0.1, 0.4, 0.2, 0.7, 0.3])
    found = precision(_outcomes(np.repeat(seeds[:, None], 6, axis=1), "aabbcc"), ARM)
    assert found == pytest.approx((seeds.mean(), seeds.std(ddof=1) / np.sqrt(5), 4))


def test_where_only_templates_differ_it_is_the_t_test_of_template_means() -> None:
    means = np.array([0.1, 0.4, 0.6])
    found = precision(_outcomes(np.tile(means.repeat(2), (8, 1)), "aabbcc"), ARM)
    assert found == pytest.approx((means.mean(), means.std(ddof=1) / np.sqrt(3), 2))


def test_more_prompts_of_the_same_templates_are_not_more_templates() -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(6, 4))
    few = precision(_outcomes(table, "abcd"), ARM)
    many = precision(
        _outcomes(table.repeat(10, axis=1), "a" * 10 + "b" * 10 + "c" * 10 + "d" * 10), ARM
    )
    assert many == pytest.approx(few)


def test_prompts_of_one_template_count_as_they_are() -> None:
    table = np.random.default_rng(0).normal(size=(6, 4))
    assert precision(_outcomes(table, "aaaa"), ARM) == precision(_outcomes(table, "abcd"), ARM)


def test_the_components_are_those_the_table_was_made_of() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(400):
        table = rng.normal(0, 0.3, (8, 1)) + rng.normal(0, 0.5, (1, 6)) + rng.normal(0, 0.2, (8, 6))
        found.append(components(_outcomes(table, "abcdef"), ARM))
    assert np.mean(found, axis=0) == pytest.approx([0.09, 0.25, 0.04], rel=0.1)


def test_templates_of_unequal_size_weigh_by_their_prompts() -> None:
    """As in the cluster-robust variance of a ratio of sums, with 0 between seeds."""
    table = np.tile(np.array([0.0, 0.0, 0.0, 1.0, 0.5, 0.5]), (4, 1))
    pulls = np.array([3 * (0 - 1 / 3), 1 * (1 - 1 / 3), 2 * (0.5 - 1 / 3)]) / 6
    found = precision(_outcomes(table, "aaabcc"), ARM)
    assert found.error == pytest.approx(np.sqrt((pulls**2).sum() * 3 / 2))


def test_where_nothing_differs_one_other_answer_still_might() -> None:
    found = precision(_outcomes(np.zeros((8, 60)), "abcdef" * 10), ARM)
    assert found.error == pytest.approx(1 / 480)
    assert found.freedom == 5


def test_degrees_of_freedom_stay_between_the_scarcer_unit_and_all_cells() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        error, freedom = Components(*rng.uniform(0, 1, 3)).at(8, 6)
        assert error > 0
        assert 1 <= freedom <= 7 * 5
