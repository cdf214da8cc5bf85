"""A work that remembers, in one actor."""

from collections.abc import Callable
from typing import Any

import ray

from curate.api import Forgotten, Work
from curate.errors import OutageError
from curate_ray.actors import LOST, answer, check, end, make
from curate_ray.telling import told

_OPTIONS = {"num_cpus": 0}
"""It waits most of the time, and must find a place on a cluster whose CPUs are all taken."""


class Kept:
    """A keeper: Ray keeps the order of what one caller asks one actor."""

    def __init__(self, work: Work, ready: Any, patience: float) -> None:
        self._work, self._packed, self._patience = work, ready, patience
        self._actor = make(self._packed, _OPTIONS)

    def wait(self) -> None:
        """Wait until the work is open.

        Raises:
            OutageError: no node took it.
        """
        steps = told(self._work)
        ready, _ = ray.wait([self._actor.opened], timeout=self._patience)
        if not ready:
            raise OutageError(
                f"Ray: for {self._patience:g} s no node could open the memory of {steps}; add "
                "nodes, then run the same command again to go on"
            )
        try:
            check(self._actor.checked)
            check(self._actor.opened)
        except LOST as error:
            raise OutageError(
                f"Ray: the memory of {steps} was lost before it was ready; run the same command "
                "again to go on"
            ) from error
        self._actor.is_open = True

    def ask(self, item: Any) -> Callable[[], Any]:
        """Send an item; return what waits for the answer."""
        reference = self._actor.handle.do.remote(item)

        def wait() -> Any:
            try:
                return answer(reference)
            except LOST as error:
                raise Forgotten from error

        return wait

    def renew(self) -> None:
        """Open the work again in another actor, with nothing remembered."""
        end([self._actor], in_peace=False)
        self._actor = make(self._packed, _OPTIONS)
        self.wait()

    def close(self) -> None:
        """End the actor."""
        end([self._actor], in_peace=False)
