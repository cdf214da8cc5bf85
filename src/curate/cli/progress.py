"""One line on a terminal that says how far a work is; silent everywhere else."""

import sys
import time
from typing import TextIO

import click

from curate.engine.tallies import Books

EVERY = 0.2
"""Seconds between two looks."""


class Progress:
    """Rewrites one line of `stream` while the run goes on."""

    def __init__(self, stream: TextIO | None = None, *, show: bool | None = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.show = self.stream.isatty() if show is None else show
        self.started = self.shown = time.monotonic()
        self._first: tuple[int, float] | None = None

    def __call__(self, books: Books, fraction: float | None) -> None:
        """Show where the run is, if it is time."""
        now = time.monotonic()
        if self._first is None:  # a resumed run begins with what was done before
            self._first = (books.read, fraction or 0.0)
        if not self.show or now - self.shown < EVERY:
            return
        self.shown = now
        self.stream.write("\r\x1b[K" + self._line(books, fraction, now - self.started))
        self.stream.flush()

    def _line(self, books: Books, fraction: float | None, seconds: float) -> str:
        assert self._first is not None  # noqa: S101  (set by the first call)
        rate = (books.read - self._first[0]) / seconds if seconds else 0.0
        parts = [
            f"{books.read:,} read",
            f"{books.kept:,} kept",
            f"{books.dropped:,} dropped",
            f"{books.quarantined:,} quarantined",
            f"{rate:,.0f}/s",
        ]
        done = None if fraction is None else fraction - self._first[1]
        if fraction is not None and done:
            left = seconds * (1 - fraction) / done
            parts.append(f"{fraction:.0%}, {_duration(left)} left")
        return " · ".join(parts)

    def close(self) -> None:
        """Leave the terminal clean."""
        if self.show:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def stage(told: str) -> None:
    """Show what is being done in place of what was shown before; nothing clears the line."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{told}", nl=False, err=True)


def rows_read(rows: int, share: float | None) -> None:
    """Show how many rows were read, and which share of all; None: unknown."""
    stage(f"{rows:,} rows read" if share is None else f"{rows:,} rows read, {share:.0%}")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
