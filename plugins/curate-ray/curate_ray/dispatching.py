"""Items to actors: to the one with the least to do, and elsewhere when it is lost."""

import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any, Self

import ray

from curate.api import Keeper, Work
from curate.errors import OutageError
from curate_ray.actors import LOST, Actor, answer, check, end, make, packed
from curate_ray.keeping import Kept
from curate_ray.resources import Crew
from curate_ray.telling import first_line, told

IN_FLIGHT = 2
"""Items an actor has at most: the next is there when one is done."""
LOSSES = 4
"""Workers that one item may lose, or that a pool may lose before they are open."""
TICK = 1.0
"""Seconds between two looks at whether there is any worker."""


class _Pool:
    """The actors of one work, and the items that wait for them."""

    def __init__(self, work: Work, crew: Crew) -> None:
        self.work, self.crew = work, crew
        self.packed = packed(work)
        self.actors = [make(self.packed, crew.options()) for _ in range(crew.count)]
        self.waiting: deque[int] = deque()
        self.unopened = 0
        """Actors lost before they were open, since one was."""
        self.seen = time.monotonic()
        """When it last had a worker with a place."""

    def replace(self, actor: Actor) -> None:
        """Put another in the place of an actor that is gone; its items go first."""
        self.actors.remove(actor)
        ray.kill(actor.handle)
        self.waiting.extendleft(reversed(actor.sent.values()))
        self.actors.append(make(self.packed, self.crew.options()))

    def free(self) -> Actor | None:
        """Return the open actor with the fewest items, unless all have enough."""
        ready = [a for a in self.actors if a.is_open and len(a.sent) < IN_FLIGHT]
        return min(ready, key=lambda actor: len(actor.sent), default=None)


class Dispatch:
    """The pools of a run."""

    def __init__(self, works: Sequence[Work], crews: Sequence[Crew], patience: float) -> None:
        self._pools = [_Pool(work, crew) for work, crew in zip(works, crews, strict=True)]
        self._patience = patience
        self._items: dict[int, tuple[int, Any]] = {}
        self._losses: Counter[int] = Counter()
        self._keepers: list[Kept] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End every actor."""
        for keeper in self._keepers:
            keeper.close()
        end([actor for pool in self._pools for actor in pool.actors], in_peace=kind is None)

    @property
    def capacity(self) -> int:
        """How many items keep the workers busy that are open, or a first one in each pool."""
        return sum(
            IN_FLIGHT * max(1, sum(actor.is_open for actor in pool.actors)) for pool in self._pools
        )

    def submit(self, key: int, pool: int, item: Any) -> None:
        """Have a worker of a pool do an item."""
        self._items[key] = pool, item
        self._pools[pool].waiting.append(key)
        self._send(self._pools[pool])

    def next(self) -> tuple[int, Any]:
        """Wait for the next answer and return it with its key.

        Raises:
            OutageError: there is no worker, or the same item lost its worker again and again.
        """
        while True:
            for pool in self._pools:
                self._send(pool)
            at = {ref: (p, a) for p in self._pools for a in p.actors for ref in _awaited(a)}
            ready, _ = ray.wait(list(at), num_returns=1, timeout=TICK)
            for reference in ready:
                pool, actor = at[reference]
                try:
                    if reference in actor.sent:
                        value = answer(reference)
                        return self._done(actor.sent.pop(reference)), value
                    self._step(pool, actor)
                except LOST as error:
                    self._lost(pool, actor, error)
            self._check_patience()

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        """Open a work that remembers in `count` actors, on different nodes where there are some."""
        ready = packed(work)
        kept = [Kept(work, ready, self._patience) for _ in range(count)]
        self._keepers += kept
        for keeper in kept:
            keeper.wait()
        return kept

    def _send(self, pool: _Pool) -> None:
        while pool.waiting and (actor := pool.free()):
            key = pool.waiting.popleft()
            actor.sent[actor.handle.do.remote(self._items[key][1])] = key

    def _done(self, key: int) -> int:
        del self._items[key]
        self._losses.pop(key, None)
        return key

    def _step(self, pool: _Pool, actor: Actor) -> None:
        """Note that an actor has its place, or that its work is open."""
        if not actor.placed:
            check(actor.checked)
            actor.placed = True
        else:
            check(actor.opened)
            actor.is_open = True
            pool.unopened = 0

    def _lost(self, pool: _Pool, actor: Actor, error: Exception) -> None:
        """Have others do what an actor had to do that is gone."""
        steps, cause = told(pool.work), first_line(error)
        if not actor.is_open:
            pool.unopened += 1
            if pool.unopened >= LOSSES:
                raise OutageError(
                    f"Ray: {LOSSES} workers for {steps} were lost before they were ready; look "
                    "whether curate and its plugins are installed on every node, and into Ray's "
                    f"logs: {cause}"
                )
        for key in actor.sent.values():
            self._losses[key] += 1
            if self._losses[key] >= LOSSES:
                raise OutageError(
                    f"Ray: the same segment lost its worker {LOSSES} times ({steps}); look at the "
                    "memory of the nodes and into Ray's logs, then run the same command again to "
                    f"go on: {cause}"
                )
        pool.replace(actor)

    def _check_patience(self) -> None:
        now = time.monotonic()
        for pool in self._pools:
            if not pool.waiting or any(actor.placed for actor in pool.actors):
                pool.seen = now
            elif now - pool.seen > self._patience:
                raise OutageError(
                    f"Ray: for {self._patience:g} s no node had room for a worker of "
                    f"{told(pool.work)}; add nodes or ask for less, then run the same "
                    "command again to go on"
                )


def _awaited(actor: Actor) -> list[Any]:
    """Return what an actor is to answer next: that it has a place, that it is open, items."""
    if not actor.placed:
        return [actor.checked]
    return list(actor.sent) if actor.is_open else [actor.opened]
