"""A work that remembers, in one actor."""

import math
import time
from collections.abc import Callable
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from curate.api import Forgotten, Work
from curate.errors import OutageError
from curate_ray.actors import LOST, Actor, answer, check, end, make, reached
from curate_ray.head import TICK, Head
from curate_ray.telling import first_line, told


class Kept:
    """A keeper: Ray keeps the order of what one caller asks one actor.

    Args:
        work: What it opens.
        ready: The same, packed.
        number: Which of the keepers it is: those with other numbers are on other nodes.
        patience: Seconds that opening may take.
        head: Looked at while it waits.
    """

    def __init__(self, work: Work, ready: Any, number: int, patience: float, head: Head) -> None:
        self._work, self._packed, self._number = work, ready, number
        self._patience, self._head = patience, head
        self._left: set[str] = set()
        """Nodes where it was lost."""
        self._node, self._actor = self._made()

    def wait(self) -> None:
        """Wait until the work is open; where that node is lost, go to another.

        Raises:
            OutageError: no node took it.
        """
        steps = told(self._work)
        for _ in range(len(_nodes()) + 1):
            opened = self._actor.opened
            if not self._answered(opened, self._patience):
                raise OutageError(
                    f"Ray: for {self._patience:g} s no node could open the memory of {steps}; add "
                    "nodes, then run the same command again to go on"
                )
            try:
                check(self._actor.checked)
                check(opened)
            except LOST as error:
                cause = first_line(error)
                self._move()
            else:
                self._actor.is_open = True
                return
        raise OutageError(
            f"Ray: the memory of {steps} was lost on every node before it was ready; look at "
            f"their memory, then run the same command again to go on: {cause}"
        )

    @reached()
    def ask(self, item: Any) -> Callable[[], Any]:
        """Send an item; return what waits for the answer."""
        reference = self._actor.handle.do.remote(item)

        @reached()
        def wait() -> Any:
            self._answered(reference, math.inf)
            try:
                return answer(reference)
            except LOST as error:
                raise Forgotten from error

        return wait

    @reached()
    def renew(self) -> None:
        """Open the work again on another node if there is one, with nothing remembered."""
        self._move()
        self.wait()

    def close(self) -> None:
        """End the actor."""
        end([self._actor], in_peace=False)

    def _answered(self, reference: Any, patience: float) -> bool:
        """Wait for an answer so many seconds, and say whether it is there."""
        deadline = time.monotonic() + patience
        while not (found := ray.wait([reference], timeout=TICK)[0]) and time.monotonic() < deadline:
            self._head.check()
        return bool(found)

    def _move(self) -> None:
        self._head.wait()
        self.close()
        self._left.add(self._node)
        self._node, self._actor = self._made()

    def _made(self) -> tuple[str, Actor]:
        """Return an actor and where it is: on a node it has not left, if there is one."""
        there = _nodes()
        good = [node for node in there if node not in self._left] or there
        node = good[self._number % len(good)]
        options = {
            "num_cpus": 0,  # it waits most of the time, and the CPUs may all be taken
            "memory": 1,  # what asks for nothing is put anywhere
            "scheduling_strategy": NodeAffinitySchedulingStrategy(node, soft=True),
        }
        return node, make(self._packed, options)


def _nodes() -> list[str]:
    """Return the nodes that may keep something: a head without CPUs is spared, if it can be."""
    there = [node for node in ray.nodes() if node["Alive"]]
    working = [node for node in there if node["Resources"].get("CPU")] or there
    return sorted(str(node["NodeID"]) for node in working)
