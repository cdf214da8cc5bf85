"""Slots, pace and patience: how many, how fast, and how long until the next try."""

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.answers.pace import Pace
from curate.answers.patience import LONGEST, asked_for, back_off
from curate.answers.slots import Slots


class TestSlots:
    @given(st.integers(1, 5), st.lists(st.integers(0, 3), max_size=40))
    def test_never_more_than_there_are_and_nobody_is_forgotten(self, size, ranks):
        held: set[int] = set()
        served = []

        async def use(slots: Slots, n: int, rank: int) -> None:
            async with slots.slot(rank) as number:
                assert number not in held
                held.add(number)
                await asyncio.sleep(0)
                held.remove(number)
                served.append(n)

        async def all_of_them() -> None:
            slots = Slots(size)
            await asyncio.gather(*(use(slots, n, rank) for n, rank in enumerate(ranks)))

        asyncio.run(all_of_them())
        assert sorted(served) == list(range(len(ranks)))
        assert not held

    def test_who_comes_back_goes_first(self):
        order = []

        async def use(slots: Slots, rank: int) -> None:
            async with slots.slot(rank):
                order.append(rank)
                await asyncio.sleep(0)

        async def all_of_them() -> None:
            slots = Slots(1)
            await asyncio.gather(*(use(slots, rank) for rank in (1, 1, 2, 3, 1)))

        asyncio.run(all_of_them())
        assert order == [1, 3, 2, 1, 1]

    def test_who_gives_up_waiting_takes_no_slot_along(self):
        async def story() -> None:
            slots = Slots(1)
            await slots._take(0)
            early, late = (asyncio.create_task(slots._take(0)) for _ in range(2))
            await asyncio.sleep(0)
            early.cancel()
            slots._give(0)
            assert await late == 0
            last = asyncio.create_task(slots._take(0))
            await asyncio.sleep(0)
            slots._give(0)
            last.cancel()  # in the instant in which it is its turn
            with pytest.raises(asyncio.CancelledError):
                await last
            assert await slots._take(0) == 0

        asyncio.run(story())


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
