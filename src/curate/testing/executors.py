"""The promises of an executor."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from curate.api import Executor, Pools, Work

ITEMS = 40
"""Items given to each pool: more than a few workers have under way at once."""
LARGE = 1 << 20
"""Bytes of an item that fits into no pipe."""


def check_executor(executor: Executor, workers: int | None = 2) -> None:
    """Hold an executor to its promises, with works that need nothing.

    Args:
        executor: Whose promises they are; what it needs to reach its machines is its options'.
        workers: How many in a pool.

    Raises:
        AssertionError: names the first promise that is broken.
    """
    check = _Check(executor)
    works = [Work((name,), _Pairing(name)) for name in ("one", "two")]
    for _ in range(2):  # what is left behind would be in the way of the next run
        with executor.open(works, workers) as pools:
            check.answers(pools)
            check.keeps(pools)


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Opens what answers an item with the name of its work."""

    name: str

    def __call__(self) -> AbstractContextManager[Callable[[Any], Any]]:
        return self._opened()

    @contextmanager
    def _opened(self) -> Iterator[Callable[[Any], Any]]:
        yield lambda item: (self.name, item)


@dataclass(frozen=True, slots=True)
class _Listing:
    """Opens what answers with every item it was told, this one included."""

    def __call__(self) -> AbstractContextManager[Callable[[Any], Any]]:
        return self._opened()

    @contextmanager
    def _opened(self) -> Iterator[Callable[[Any], Any]]:
        told: list[Any] = []

        def tell(item: Any) -> list[Any]:
            told.append(item)
            return list(told)

        yield tell


class _Check:
    def __init__(self, executor: Executor) -> None:
        self.name = executor.name

    def answers(self, pools: Pools) -> None:
        """Check that every item is answered once, by the work it was given to."""
        expected: dict[int, tuple[str, Any]] = {}
        for key in range(2 * ITEMS):
            pool, item = key % 2, bytes(LARGE) if key < 2 else key
            expected[key] = (("one", "two")[pool], item)
            pools.submit(key, pool, item)
        while expected:
            if pools.capacity < 1:
                self._broken("its capacity is 1 or more", f"{pools.capacity}")
            key, answer = pools.next()
            if key not in expected:
                self._broken("each key is answered once", f"{key!r} again, or never given")
            if answer != expected.pop(key):
                self._broken("an answer is what the work returned", f"for {key}: {answer!r:.80}")

    def keeps(self, pools: Pools) -> None:
        """Check that a keeper remembers what it was told, in order, until it is renewed."""
        keepers = pools.keep(Work(("one",), _Listing()), 2)
        if len(keepers) != 2:
            self._broken("`keep` opens a work in as many places as asked", f"{len(keepers)} for 2")
        for place, keeper in enumerate(keepers):
            waiting = [keeper.ask((place, n)) for n in range(3)]
            expected = [[(place, n) for n in range(m + 1)] for m in range(3)]
            if (found := [wait() for wait in waiting]) != expected:
                self._broken("a keeper is asked in order, each for itself", f"{found!r:.80}")
        keepers[0].renew()
        if (found := keepers[0].ask("new")()) != ["new"]:
            self._broken("a renewed keeper remembers nothing", f"{found!r:.80}")

    def _broken(self, promise: str, found: str) -> NoReturn:
        raise AssertionError(f"executor {self.name!r} breaks a promise: {promise}; found: {found}")
