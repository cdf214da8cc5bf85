"""How long to wait before asking again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random

FIRST, LONGEST = 0.5, 60.0
"""Seconds of the first back-off, and of the longest."""


def back_off(attempt: int, rng: Random) -> float:
    """Return seconds to wait after failed attempt number `attempt` (from 1): doubled, jittered."""
    return float(min(LONGEST, FIRST * 2 ** (attempt - 1)) * rng.uniform(0.5, 1.0))


def asked_for(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds a `Retry-After` header asks for, None where there is none.

    Both forms of RFC 9110, section 10.2.3: seconds, or a date.
    """
    value = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000" in a date
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
