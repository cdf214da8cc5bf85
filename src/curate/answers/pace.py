"""How fast: so much a minute, evenly."""


class Pace:
    """Books time for amounts of something of which a minute allows `per_minute`; None: any."""

    def __init__(self, per_minute: float | None) -> None:
        self._seconds = 60 / per_minute if per_minute else 0.0
        self._next = 0.0

    def book(self, amount: float, now: float) -> float:
        """Return how many seconds to wait before using `amount`."""
        begin = max(self._next, now)
        self._next = begin + amount * self._seconds
        return begin - now

    def correct(self, booked: float, used: float) -> None:
        """Say how much of what was booked was used in the end."""
        self._next += (used - booked) * self._seconds
