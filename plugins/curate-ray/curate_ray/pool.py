"""The actors of one work: made, replaced when they are lost, and the items that wait for them."""

import time
from collections import deque
from dataclasses import dataclass

import ray

from curate.api import Work
from curate.errors import OutageError
from curate_ray.actors import Actor, make, packed
from curate_ray.resources import Crew
from curate_ray.telling import first_line, told

IN_FLIGHT = 2
"""Items an actor has at most: the next is there when one is done."""
OPENINGS = 4
"""Workers that may be lost in one place before they are open, if none is open elsewhere."""
PAUSE = 30.0
"""Seconds at most between a worker that was lost before it was open and the next in its place."""


@dataclass(frozen=True, slots=True)
class _Vacancy:
    """A place whose worker is gone."""

    due: float
    """When there may be another."""
    lost: int
    """Workers lost here, one after the other, before they were open."""


class Pool:
    """The actors of one work, and the items that wait for them."""

    def __init__(self, work: Work, crew: Crew) -> None:
        self.work, self.crew = work, crew
        self.packed = packed(work)
        self.actors = [make(self.packed, crew.options()) for _ in range(crew.count)]
        self.vacancies: list[_Vacancy] = []
        self.waiting: deque[int] = deque()
        self.seen = time.monotonic()
        """When it last had a worker with a place."""

    def free(self) -> Actor | None:
        """Return the open actor with the fewest items, unless all have enough."""
        ready = [a for a in self.actors if a.is_open and len(a.sent) < IN_FLIGHT]
        return min(ready, key=lambda actor: len(actor.sent), default=None)

    def dismiss(self, actor: Actor, cause: Exception) -> None:
        """Let go of an actor that is lost; its items go first, another takes its place.

        Until Ray notices that a node is gone it puts workers there, which are lost before they are
        open, many at once; so what counts is how many are lost in one place, and each waits twice
        as long as the one before.

        Raises:
            OutageError: worker after worker was lost before it was open, and there is no other.
        """
        self.actors.remove(actor)
        ray.kill(actor.handle)
        self.waiting.extendleft(reversed(actor.sent.values()))
        lost = 0 if actor.is_open else actor.lost + 1
        if lost >= OPENINGS and not any(
            a.is_open or (a.placed and not a.lost) for a in self.actors
        ):
            raise OutageError(
                f"Ray: {OPENINGS} workers for {told(self.work)} were lost before they were ready; "
                "look whether curate and its plugins are installed on every node, and into Ray's "
                f"logs: {first_line(cause)}"
            )
        pause = min(2.0 ** (lost - 1), PAUSE) if lost else 0.0
        self.vacancies.append(_Vacancy(time.monotonic() + pause, lost))

    @property
    def is_due(self) -> bool:
        """Whether another actor is to take a place."""
        return bool(self._due())

    def fill(self) -> None:
        """Make the actors that are due."""
        for vacancy in self._due():
            self.vacancies.remove(vacancy)
            self.actors.append(make(self.packed, self.crew.options(), vacancy.lost))

    def _due(self) -> list[_Vacancy]:
        now = time.monotonic()
        return [vacancy for vacancy in self.vacancies if vacancy.due <= now]

    def check(self, patience: float) -> None:
        """Check that there was a worker with a place, or nothing to do.

        Raises:
            OutageError: there was none for so many seconds.
        """
        now = time.monotonic()
        if not self.waiting or any(actor.placed for actor in self.actors):
            self.seen = now
        elif now - self.seen > patience:
            raise OutageError(
                f"Ray: for {patience:g} s no node had room for a worker of "
                f"{told(self.work)}; add nodes or ask for less, then run the same "
                "command again to go on"
            )
