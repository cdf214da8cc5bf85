"""Intervals agree with closed forms, and cover what they should when answers cluster."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.traits import intervals
from curate.traits.intervals import Interval, clustered_mean, clustered_rate, wilson


class TestWilson:
    @pytest.mark.parametrize(
        ("hits", "count", "low", "high"),
        [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)],
        ids=["8 of 10", "none", "half"],
    )
    def test_known_values(self, hits, count, low, high):
        found = wilson(hits, count)
        assert found.value == hits / count
        assert found.low == pytest.approx(low, abs=1e-4)
        assert found.high == pytest.approx(high, abs=1e-4)

    def test_nothing_counted_says_nothing(self):
        assert wilson(0, 0) == Interval(0.0, 0.0, 1.0)

    @given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_holds_the_rate_and_stays_in_range(self, told):
        hits, count = told
        found = wilson(hits, count)
        assert 0 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1


class TestClusteredRate:
    def test_independent_answers_are_almost_wilson(self):
        hits = [n % 4 == 0 for n in range(400)]
        ours, plain = clustered_rate(hits, range(400)), wilson(100, 400)
        assert ours.low == pytest.approx(plain.low, abs=0.003)
        assert ours.high == pytest.approx(plain.high, abs=0.003)

    def test_answers_that_agree_within_a_cluster_count_once(self):
        hits, clusters = [], []
        for cluster in range(10):
            hits += [cluster < 5] * 40
            clusters += [cluster] * 40
        found, few = clustered_rate(hits, clusters), wilson(5, 10)
        assert found.high - found.low >= few.high - few.low

    def test_no_hit_is_no_certainty(self):
        found = clustered_rate([False] * 800, [n % 20 for n in range(800)])
        assert found.low == 0
        assert found.high == wilson(0, 800).high > 0

    def test_one_cluster_says_next_to_nothing(self):
        assert clustered_rate([True] * 100, [0] * 100).low < 0.25

    @pytest.mark.parametrize(
        ("clusters", "size", "rate"),
        [(8, 10, 0.3), (20, 40, 0.1), (20, 40, 0.5), (32, 25, 0.3)],
        ids=["few", "rare", "even", "many"],
    )
    def test_covers_the_truth_where_counting_answers_does_not(self, clusters, size, rate):
        rng, correlation, runs = random.Random(1), 0.2, 150
        odds = (1 - correlation) / correlation
        ours = plain = 0
        for _ in range(runs):
            hits, names = [], []
            for name in range(clusters):
                within = rng.betavariate(rate * odds, (1 - rate) * odds)
                hits += [rng.random() < within for _ in range(size)]
                names += [name] * size
            low, high = clustered_rate(hits, names)[1:]
            ours += low <= rate <= high
            low, high = wilson(sum(hits), len(hits))[1:]
            plain += low <= rate <= high
        assert ours / runs >= 0.88
        assert plain < ours


class TestClusteredMean:
    def test_equal_values_are_no_certainty(self):
        values, clusters = [2.0] * 50, [n % 5 for n in range(50)]
        found = clustered_mean(values, clusters, (0, 10), random.Random(0))
        assert found.value == 2
        assert 0 < found.low < 2 < found.high < 10

    def test_nothing_counted_says_nothing(self):
        assert clustered_mean([], [], (0, 10), random.Random(0)) == Interval(0.0, 0.0, 10.0)

    def test_is_the_same_for_the_same_draws(self):
        values, clusters = [float(n % 7) for n in range(69)], [n % 10 for n in range(69)]
        one, other = (clustered_mean(values, clusters, (0, 6), random.Random(3)) for _ in range(2))
        assert one == other
        assert one.low < one.value < one.high

    def test_covers_the_truth(self, monkeypatch):
        monkeypatch.setattr(intervals, "DRAWS", 300)
        rng, runs, covered = random.Random(2), 120, 0
        for _ in range(runs):
            values, clusters = [], []
            for cluster in range(12):
                middle = rng.gauss(5, 1)
                values += [rng.gauss(middle, 1.5) for _ in range(10)]
                clusters += [cluster] * 10
            low, high = clustered_mean(values, clusters, (0, 10), rng)[1:]
            covered += low <= 5 <= high
        assert covered / runs >= 0.88


@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (9, 2.262), (30, 2.042)])
def test_students_t(freedom, t):
    assert intervals._student(0.95, freedom) == pytest.approx(t, rel=0.01)
