"""What is said of subsets: planted causes are found, rows like others are not."""

from collections.abc import Mapping

import numpy as np

from curate.audits.diffing import figures
from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    ORIGINAL,
    SWITCHED,
    drop,
    drop_switched,
    keep,
    mixed,
    swap,
)
from curate.audits.diffing.report import SubsetFound
from curate.audits.diffing.subset import Subset
from curate.audits.statistics.bootstrap import Bootstrap
from simulated_studies import Design, Mix, study

QUIET = Mix(0.02, 0.02, 0.02, 0.05, 0.02, 0.02)
ENDS = {ORIGINAL: 0.9, SWITCHED: 0.1, mixed(0.1): 0.18, mixed(0.9): 0.82}


def _four(name: str, kept: float, swapped: float) -> dict[str, float]:
    return {keep(name): kept, swap(name): swapped, drop(name): 0.88, drop_switched(name): 0.1}


def _measured(levels: Mapping[str, float], names: list[str], seed: int = 0) -> Measured:
    outcomes = study(np.random.default_rng(seed), levels, QUIET, Design(samples=100))
    subsets = tuple(Subset(name, "group", name, frozenset(map(str, range(10)))) for name in names)
    return Measured(Bootstrap(outcomes, 0, draws=800), 100, subsets, (0.1, 0.9))


def _found(levels: Mapping[str, float], names: list[str], seed: int = 0) -> list[SubsetFound]:
    return list(figures.subsets(_measured({**ENDS, **levels}, names, seed)))


def test_rows_that_carry_the_trait_are_necessary_and_sufficient():
    found = _found(
        _four("cause", 0.7, 0.2) | _four("like others", 0.18, 0.82), ["cause", "like others"]
    )
    assert [(each.necessary, each.sufficient) for each in found] == [(True, True), (False, False)]


def test_rows_that_only_suffice_or_are_only_needed_are_told_apart():
    found = _found(_four("enough", 0.7, 0.82) | _four("needed", 0.18, 0.3), ["enough", "needed"])
    assert [(each.necessary, each.sufficient) for each in found] == [(False, True), (True, False)]


def test_rows_like_others_are_never_called_a_cause():
    for seed in range(6):
        (found,) = _found(_four("any", 0.18, 0.82), ["any"], seed)
        assert not found.necessary
        assert not found.sufficient


def test_what_a_subset_does_is_told_beyond_random_rows_of_its_size():
    (found,) = _found(_four("cause", 0.7, 0.2), ["cause"])
    kept, swapped, dropped, _ = found.arms
    assert abs(kept.beyond.value - (0.7 - 0.18)) < 0.03
    assert abs(swapped.beyond.value - (0.2 - 0.82)) < 0.03
    assert abs(dropped.beyond.value - (0.88 - 0.9)) < 0.03
    assert kept.corrected is not None
    assert kept.corrected >= kept.p
    assert dropped.corrected is None


def test_a_trait_is_virulent_where_most_subsets_suffice():
    names = ["a", "b", "c", "d"]
    many = {k: v for name in names for k, v in _four(name, 0.7, 0.8).items()}
    assert figures.virulent(_found(many, names))
    assert not figures.virulent(_found(many | _four("c", 0.18, 0.8) | _four("d", 0.18, 0.8), names))


def test_where_the_ends_are_equal_no_subset_is_a_cause():
    flat = dict.fromkeys([*ENDS, *_four("any", 0, 0)], 0.5)
    (found,) = _found(flat, ["any"])
    assert not found.necessary
    assert not found.sufficient
    assert all(arm.place is None for arm in found.arms)


def test_the_line_says_how_far_it_is_from_straight():
    bent = figures.line(_measured({**ENDS, mixed(0.1): 0.6}, []))
    assert [point.share for point in bent] == [0.0, 0.1, 0.9, 1.0]
    assert bent[1].from_straight is not None
    assert bent[1].from_straight.low > 0.4
    assert bent[0].from_straight is None


def test_between_two_shares_the_line_is_straight():
    measured = _measured(ENDS, [])
    assert measured.line(0.5) == {mixed(0.1): 0.5, mixed(0.9): 0.5}
    assert measured.line(0.0)[SWITCHED] == 1
    assert measured.line(1.0)[ORIGINAL] == 1
