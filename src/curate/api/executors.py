"""Where the work of a run is done, when it is not this machine's own processes.

An executor knows nothing of records, filters or files. It gets works to open on its machines, hands
items to them, and hands back what they return, in any order. What an item is, and what order the
outputs have, is the run's business: that is why every executor gives the same files.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from curate.api.plugins import Plugin


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is opened where it is done, and then asked item by item.

    It travels as a pickle. A function it opened is called from one thread at a time, and never
    raises: whatever goes wrong in it is what it returns.
    """

    steps: tuple[str, ...]
    """The names of the steps it does, for resources and for messages."""
    open: Callable[[], AbstractContextManager[Callable[[Any], Any]]]


class Keeper(Protocol):
    """An opened work that remembers, in one place, and is asked in the order of `ask`."""

    def ask(self, item: Any) -> Callable[[], Any]:
        """Send an item; return what waits for the answer.

        What is returned raises `Forgotten` where the place is gone, and what it remembered with it.
        """

    def renew(self) -> None:
        """Open the work again, with nothing remembered, in a place that is there."""


class Forgotten(Exception):  # noqa: N818  (not an error of anybody: a machine is gone)
    """What a keeper remembered is lost: its machine is gone. The run tells it everything again."""


class Pools(Protocol):
    """Works opened on other machines, a pool of workers for each."""

    @property
    def capacity(self) -> int:
        """How many items keep all workers busy; may change as machines come and go."""

    def submit(self, key: int, pool: int, item: Any) -> None:
        """Have a worker of a pool do an item.

        An item whose worker is lost is done again elsewhere: it gives the same answer.
        """

    def next(self) -> tuple[int, Any]:
        """Wait for the next answer and return it with its key, each key once.

        Raises:
            OutageError: the machines are gone, or the same item lost its worker again and again.
        """

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        """Open a work that remembers, in `count` places."""


class Executor(Plugin):
    """Says where the segments of a run are judged: `curate run --executor NAME`.

    Its fields are options that change no result, so it is no part of a run's identity.
    """

    def apart(self) -> frozenset[str]:
        """Return the steps that want workers of their own (a GPU, say), by name."""
        return frozenset()

    @abstractmethod
    def open(self, works: Sequence[Work], workers: int | None) -> AbstractContextManager[Pools]:
        """Open a pool of workers for each work, and yield them.

        Args:
            works: What is to be done; an item names its work by position.
            workers: How many in a pool that nothing else is said of; None: as many as fit.

        Raises:
            OutageError: the machines cannot be reached.
            UsageError: what the options ask for is not there.
        """
