"""Points in time, times of day and durations as text of ISO 8601.

Each function takes the whole number that Arrow stores. The text says what the number says and
nothing about the unit: a fraction has as few groups of three digits as it needs, so that the same
instant in milliseconds and in microseconds is the same text.
"""

from datetime import date, timedelta

PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Ticks in a second, by Arrow's name of the unit."""
_DAY = 86_400
_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def day(days: int) -> str:
    """Return the date so many days after 1970-01-01.

    Years beyond 0001 to 9999 have a sign and six digits or more (ISO 8601, expanded).
    """
    if _FIRST <= days <= _LAST:
        return (_EPOCH + timedelta(days)).isoformat()
    era, rest = divmod(days - _FIRST, 146_097)  # 400 years have as many days, always
    inside = date.min + timedelta(rest)
    return f"{inside.year + 400 * era:+07d}-{inside.month:02d}-{inside.day:02d}"


def instant(ticks: int, unit: str, *, utc: bool) -> str:
    """Return the date and time so many ticks after 1970-01-01; `Z` follows where it is in UTC."""
    seconds, fraction = divmod(ticks, PER_SECOND[unit])
    days, rest = divmod(seconds, _DAY)
    return f"{day(days)}T{_clock(rest)}{_fraction(fraction, unit)}{'Z' * utc}"


def time_of_day(ticks: int, unit: str) -> str:
    """Return the time so many ticks after midnight."""
    seconds, fraction = divmod(ticks, PER_SECOND[unit])
    return _clock(seconds) + _fraction(fraction, unit)


def duration(ticks: int, unit: str) -> str:
    """Return a duration in seconds."""
    seconds, fraction = divmod(abs(ticks), PER_SECOND[unit])
    return f"{'-' * (ticks < 0)}PT{seconds}{_fraction(fraction, unit)}S"


def interval(months: int, days: int, nanoseconds: int) -> str:
    """Return a duration whose parts cannot be added up; each has a sign of its own."""
    seconds, fraction = divmod(abs(nanoseconds), PER_SECOND["ns"])
    sign = "-" * (nanoseconds < 0)
    return f"P{months}M{days}DT{sign}{seconds}{_fraction(fraction, 'ns')}S"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _fraction(ticks: int, unit: str) -> str:
    digits = f"{ticks:0{len(str(PER_SECOND[unit])) - 1}d}" if ticks else ""
    while digits.endswith("000"):
        digits = digits[:-3]
    return digits and "." + digits
