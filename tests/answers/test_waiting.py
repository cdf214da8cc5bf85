"""Pace and patience: how fast, and how long until the next try."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.answers.pace import Pace
from curate.answers.patience import LONGEST, asked_for, back_off


class TestPace:
    def test_evenly(self):
        pace = Pace(60)
        assert [pace.book(1, 100.0) for _ in range(4)] == [0, 1, 2, 3]
        assert pace.book(1, 200.0) == 0

    def test_none_is_no_limit(self):
        pace = Pace(None)
        assert [pace.book(1e9, 0.0) for _ in range(3)] == [0, 0, 0]

    def test_what_was_booked_for_nothing_is_given_back(self):
        pace = Pace(600)
        assert pace.book(600, 0.0) == 0
        pace.correct(600, 100)
        assert pace.book(1, 0.0) == pytest.approx(10)

    @given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 100)), max_size=50))
    def test_a_minute_never_gets_more_than_it_allows(self, events):
        pace, now, begun = Pace(30), 0.0, []
        for gap, amount in events:
            now += gap
            begun.append((now + pace.book(amount, now), amount))
        for start, _ in begun:
            inside = [amount for at, amount in begun if start <= at < start + 60]
            assert sum(inside[:-1]) <= 30 + 1e-6


class TestPatience:
    @given(st.integers(1, 50), st.integers())
    def test_backs_off_longer_each_time_up_to_a_limit(self, attempt, seed):
        seconds = back_off(attempt, Random(seed))
        whole = min(LONGEST, 0.5 * 2 ** (attempt - 1))
        assert whole / 2 <= seconds <= whole

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("7", 7.0),
            (" 0.25 ", 0.25),
            ("-3", 0.0),
            ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
            ("Wed, 21 Oct 2026 07:28:30 -0000", 30.0),
            ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
            ("soon", None),
            ("", None),
        ],
    )
    def test_retry_after(self, value: str, seconds: float | None):
        now = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
        assert asked_for({"retry-after": value}, now) == seconds

    def test_no_header(self):
        assert asked_for({}) is None
