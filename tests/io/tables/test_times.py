from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.io.tables import times

EPOCH = datetime(1970, 1, 1)


@given(st.datetimes())
def test_instants_are_what_the_standard_library_reads(moment):
    ticks = (moment - EPOCH) // timedelta(microseconds=1)
    assert datetime.fromisoformat(times.instant(ticks, "us", utc=False)) == moment
    in_utc = datetime.fromisoformat(times.instant(ticks, "us", utc=True))
    assert in_utc == moment.replace(tzinfo=UTC)


@given(st.dates())
def test_days(day):
    assert times.day((day - date(1970, 1, 1)).days) == day.isoformat()


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (2_932_896, "9999-12-31"),
        (2_932_897, "+010000-01-01"),
        (-719_162, "0001-01-01"),
        (-719_163, "+000000-12-31"),
        (-719_528, "+000000-01-01"),
        (-719_529, "-000001-12-31"),
    ],
)
def test_years_beyond_four_digits_have_a_sign(days, text):
    assert times.day(days) == text


@given(st.integers(0, 86_399), st.integers(0, 999))
def test_the_unit_is_not_in_the_text(seconds, milliseconds):
    ticks = seconds * 1000 + milliseconds
    said = {
        times.time_of_day(ticks * factor, unit)
        for unit, factor in (("ms", 1), ("us", 10**3), ("ns", 10**6))
    }
    assert len(said) == 1
    said = {
        times.instant(ticks * factor, unit, utc=True)
        for unit, factor in (("ms", 1), ("us", 10**3), ("ns", 10**6))
    }
    assert len(said) == 1


def test_durations_and_intervals():
    assert times.duration(0, "s") == "PT0S"
    assert times.duration(-1, "ms") == "-PT0.001S"
    assert times.duration(90_000_000_001, "ns") == "PT90.000000001S"
    assert times.interval(14, -3, -1) == "P14M-3DT-0.000000001S"
