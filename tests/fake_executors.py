"""Executors of this process: some behave in odd but lawful ways, others break one promise each."""

import pickle
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from curate.api import Context, Executor, Forgotten, Keeper, Pools, Work, hookimpl
from curate.engine import elsewhere
from curate.engine.opening import opened
from curate.engine.tasks import Stage, Task
from curate.engine.work import Marker, Outcome, work
from curate.registry import Resolved


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


class Lost(Place):
    """A keeper whose machine goes away now and then, before or after it took an item in."""

    def __init__(self, work: Work, draws: random.Random, often: float) -> None:
        super().__init__(work)
        self.draws, self.often, self.is_lost = draws, often, False

    def renew(self) -> None:
        super().renew()
        self.is_lost = False

    def ask(self, item: Any) -> Callable[[], Any]:
        self.is_lost = self.is_lost or self.draws.random() < self.often
        is_lost, answer = self.is_lost, pickle.dumps(self.told(item))

        def wait() -> Any:
            if is_lost:
                raise Forgotten
            return pickle.loads(answer)

        return wait


class Forgets(InTurn):
    """Loses a keeper in one of eight asks."""

    often = 1 / 8

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        draws = random.Random(len(self.items))
        return [Lost(work, draws, self.often) for _ in range(count)]


class ForgetsAll(Forgets):
    """Loses every keeper at every ask."""

    often = 1.0


class ForgetsSilently(InTurn):
    """Has keepers that are opened again for every item, and say nothing of it."""

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        places = [Place(work) for _ in range(count)]
        for place in places:
            place.ask = lambda item, place=place: (place.renew(), Place.ask(place, item))[1]  # type: ignore[method-assign,misc]
        return places


class KeepsNone(InTurn):
    """Opens no keeper."""

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        return []


class AnswersForMemory(InTurn):
    """Has keepers that answer something else."""

    def keep(self, work: Work, count: int) -> Sequence[Keeper]:
        places = [Place(work) for _ in range(count)]
        for place in places:
            place.ask = lambda item: lambda: None  # type: ignore[method-assign,misc]
        return places


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


class Exits(InTurn):
    """Would end the program, as if all were done."""

    def next(self) -> tuple[int, Any]:
        raise SystemExit(0)


class ForgetsOutOfTurn(InTurn):
    """Says that a memory is lost where none was asked."""

    def next(self) -> tuple[int, Any]:
        raise Forgotten


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
        Exits,
        ForgetsOutOfTurn,
        NeverForgets,
        KeepsOne,
        Forgets,
        ForgetsAll,
        ForgetsSilently,
        KeepsNone,
        AnswersForMemory,
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


class Alone:
    """Stands for the process of a worker, where a test only asks about order."""

    def __init__(
        self, resolved: Resolved, ctx: Context, workers: int, stage: Stage, *, forks: bool
    ) -> None:
        assert (workers, forks) == (1, False)
        self.resolved, self.stage = resolved, stage
        self.opening = opened(resolved.steps, ctx, stage)
        self.asks = self.opening.__enter__()
        self.tasks: list[Task] = []

    def submit(self, key: int, task: Task) -> None:
        assert set(self.asks) == set(task.steps) == set(self.stage)
        self.tasks.append(task)

    def next(self) -> tuple[int, Task, Outcome]:
        task = self.tasks.pop()
        return 0, task, work(task, self.resolved, self.asks, Marker())

    def __exit__(self, *_: object) -> None:
        self.opening.__exit__(None, None, None)


@contextmanager
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elsewhere, "Processes", Alone)
        yield


@hookimpl
def curate_executors() -> Sequence[type[Executor]]:
    return [Here]


__all__ = ["POOLS", "Here", "quick"]
