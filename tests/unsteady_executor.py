"""A plugin: a cluster in this process that answers in any order and loses machines."""

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from curate.api import Executor, Keeper, Pools, Work, hookimpl
from fake_executors import Place

LOST: list[int] = []
"""How many machines each cluster lost that was open to the end."""


class Machine:
    """An opened work."""

    def __init__(self, work: Work) -> None:
        self.opening = ExitStack()
        self.do = self.opening.enter_context(work.open())

    def close(self) -> None:
        self.opening.close()


class Cluster:
    """Two machines for each work; the first to begin every `losing`th item is lost with it."""

    def __init__(self, works: Sequence[Work], losing: int, stack: ExitStack) -> None:
        self.works, self.losing, self.stack, self.capacity = works, losing, stack, 4
        self.machines = [[self.machine(work), self.machine(work)] for work in works]
        self.waiting: list[tuple[int, int, Any]] = []
        self.draws, self.begun, self.lost = random.Random(7), 0, 0

    def machine(self, work: Work) -> Machine:
        machine = Machine(work)
        self.stack.callback(machine.close)
        return machine

    def submit(self, key: int, pool: int, item: Any) -> None:
        self.waiting.append((key, pool, item))

    def next(self) -> tuple[int, Any]:
        key, pool, item = self.waiting.pop(self.draws.randrange(len(self.waiting)))
        machines, n = self.machines[pool], self.draws.randrange(2)
        answer, self.begun = machines[n].do(item), self.begun + 1
        if self.losing and self.begun % self.losing == 0:
            machines[n].close()
            machines[n] = self.machine(self.works[pool])
            answer, self.lost = machines[1 - n].do(item), self.lost + 1
        return key, answer

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        return [Place(work) for _ in range(count)]


class Unsteady(Executor):
    """Every item is begun on one machine and, where that is lost, done again on another."""

    name = "unsteady"
    losing: int = 0

    @contextmanager
    def open(self, works: Sequence[Work], workers: int | None) -> Iterator[Pools]:
        with ExitStack() as stack:
            cluster = Cluster(works, self.losing, stack)
            yield cluster
            LOST.append(cluster.lost)


@hookimpl
def curate_executors() -> Sequence[type[Executor]]:
    return [Unsteady]
