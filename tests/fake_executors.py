"""Executors of this process: some behave in odd but lawful ways, others break one promise each."""

import pickle
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from curate.api import Executor, Keeper, Pools, Work, hookimpl


class InTurn:
    """Does an item when its answer is waited for; items and answers travel as pickles."""

    def __init__(self, asks: Sequence[Callable[[Any], Any]], works: Sequence[Work]) -> None:
        self.asks, self.works, self.capacity = asks, works, 4
        self.items: list[tuple[int, int, bytes]] = []

    def submit(self, key: int, pool: int, item: Any) -> None:
        self.items.append((key, pool, pickle.dumps(item)))

    def next(self) -> tuple[int, Any]:
        key, pool, item = self.items.pop(self.which())
        return key, self.do(pool, item)

    def which(self) -> int:
        return 0

    def do(self, pool: int, item: bytes) -> Any:
        return pickle.loads(pickle.dumps(self.asks[pool](pickle.loads(item))))

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        return [Place(work) for _ in range(count)]


class Place:
    """A keeper in this process."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.renew()

    def renew(self) -> None:
        self.opening = self.work.open()
        self.told = self.opening.__enter__()

    def ask(self, item: Any) -> Callable[[], Any]:
        answer = self.told(item)
        return lambda: answer


class LatestFirst(InTurn):
    """Answers what was sent last."""

    def which(self) -> int:
        return -1


class AnyOrder(InTurn):
    """Answers in any order."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.draws = random.Random(1)

    def which(self) -> int:
        return self.draws.randrange(len(self.items))


class Twice(LatestFirst):
    """Does every item twice, as when the machine of the first answer is lost."""

    def do(self, pool: int, item: bytes) -> Any:
        super().do(pool, item)
        return super().do(pool, item)


class AnswersTwice(InTurn):
    """Gives the first answer again."""

    first: tuple[int, Any] | None = None

    def next(self) -> tuple[int, Any]:
        if self.first:
            return self.first
        self.first = super().next()
        return self.first


class AnswersAnother(InTurn):
    """Gives an answer that nobody asked for."""

    def next(self) -> tuple[int, Any]:
        return 1000 + super().next()[0], None


class AnswersNothing(InTurn):
    """Loses the answer and keeps its key."""

    def next(self) -> tuple[int, Any]:
        return super().next()[0], None


class Breaks(InTurn):
    """Raises what is no error of the framework."""

    def next(self) -> tuple[int, Any]:
        raise KeyError("node-7")


class NeverForgets(InTurn):
    """Has keepers that renewing does not renew."""

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        places = [Place(work) for _ in range(count)]
        for place in places:
            place.renew = lambda: None  # type: ignore[method-assign]
        return places


class KeepsOne(InTurn):
    """Has one memory where several were asked for."""

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        return [Place(work)] * count


POOLS: dict[str, type[InTurn]] = {
    each.__name__: each
    for each in (
        InTurn,
        LatestFirst,
        AnyOrder,
        Twice,
        AnswersTwice,
        AnswersAnother,
        AnswersNothing,
        Breaks,
        NeverForgets,
        KeepsOne,
    )
}


class Here(Executor):
    """Does everything in this process."""

    name = "here"
    pools: str = "InTurn"
    own: frozenset[str] = frozenset()
    address: str | None = None

    def apart(self) -> frozenset[str]:
        return self.own

    @contextmanager
    def open(self, works: Sequence[Work], workers: int | None) -> Iterator[Pools]:
        with ExitStack() as stack:
            travelled = pickle.loads(pickle.dumps(list(works)))
            asks = [stack.enter_context(work.open()) for work in travelled]
            yield POOLS[self.pools](asks, travelled)


@hookimpl
def curate_executors() -> Sequence[type[Executor]]:
    return [Here]


__all__ = ["POOLS", "Here"]
