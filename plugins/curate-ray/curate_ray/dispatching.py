"""Items to actors: to the one with the least to do, and elsewhere when it is lost."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

import ray

from curate.api import Keeper, Work
from curate.errors import OutageError
from curate_ray.actors import LOST, Actor, answer, check, end, packed, reached
from curate_ray.head import TICK, Head
from curate_ray.keeping import Kept
from curate_ray.pool import IN_FLIGHT, Pool
from curate_ray.resources import Crew
from curate_ray.telling import first_line, told

LOSSES = 4
"""Workers that one item may lose."""


class Dispatch:
    """The pools of a run.

    Args:
        works: What each pool opens.
        crews: Its workers.
        patience: Seconds without any worker until the run stops.
        head: Looked at now and then.
    """

    def __init__(
        self, works: Sequence[Work], crews: Sequence[Crew], patience: float, head: Head
    ) -> None:
        self._pools = [Pool(work, crew) for work, crew in zip(works, crews, strict=True)]
        self._patience, self._head = patience, head
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

    @reached()
    def submit(self, key: int, pool: int, item: Any) -> None:
        """Have a worker of a pool do an item."""
        self._items[key] = pool, item
        self._pools[pool].waiting.append(key)
        self._send(self._pools[pool])

    @reached()
    def next(self) -> tuple[int, Any]:
        """Wait for the next answer and return it with its key.

        Raises:
            OutageError: there is no worker, or the same item lost its worker again and again.
        """
        while True:
            self._head.check()
            for pool in self._pools:
                if pool.is_due and self._head.answers():
                    pool.fill()
                self._send(pool)
                pool.check(self._patience)
            at = {ref: (p, a) for p in self._pools for a in p.actors for ref in _awaited(a)}
            for reference in _ready(list(at)):
                pool, actor = at[reference]
                try:
                    if reference in actor.sent:
                        value = answer(reference)
                        return self._done(actor.sent.pop(reference)), value
                    _step(actor)
                except LOST as error:
                    self._lost(pool, actor, error)

    @reached()
    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        """Open a work that remembers in `count` actors, on different nodes where there are some."""
        ready = packed(work)
        kept = [Kept(work, ready, number, self._patience, self._head) for number in range(count)]
        self._keepers += kept
        for keeper in kept:
            keeper.wait()
        return kept

    def _send(self, pool: Pool) -> None:
        while pool.waiting and (actor := pool.free()):
            key = pool.waiting.popleft()
            actor.sent[actor.handle.do.remote(self._items[key][1])] = key

    def _done(self, key: int) -> int:
        del self._items[key]
        self._losses.pop(key, None)
        return key

    def _lost(self, pool: Pool, actor: Actor, error: Exception) -> None:
        """Have others do what an actor had to do that is gone."""
        for key in actor.sent.values():
            self._losses[key] += 1
            if self._losses[key] >= LOSSES:
                raise OutageError(
                    f"Ray: the same segment lost its worker {LOSSES} times ({told(pool.work)}); "
                    "look at the memory of the nodes and into Ray's logs, then run the same "
                    f"command again to go on: {first_line(error)}"
                )
        pool.dismiss(actor, error)


def _ready(references: list[Any]) -> list[Any]:
    """Return one that is answered, or none after a while."""
    if references:
        return list(ray.wait(references, num_returns=1, timeout=TICK)[0])
    time.sleep(TICK)  # every worker is lost, and none is due
    return []


def _step(actor: Actor) -> None:
    """Note that an actor has its place, or that its work is open."""
    if not actor.placed:
        check(actor.checked)
        actor.placed = True
    else:
        check(actor.opened)
        actor.is_open = True


def _awaited(actor: Actor) -> list[Any]:
    """Return what an actor is to answer next: that it has a place, that it is open, items."""
    if not actor.placed:
        return [actor.checked]
    return list(actor.sent) if actor.is_open else [actor.opened]
