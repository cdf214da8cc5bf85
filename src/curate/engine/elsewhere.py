"""Segments judged on other machines, by an executor that a plugin brings.

The plugin gets a work for each stage and hands tasks to it. A work judges in a process of its own,
as a run on one machine does, so a plugin that hangs or dies there is found and blamed record by
record in the same way, and the ledger says the same.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from curate.api import Context, Executor, Forgotten, Keeper, Pools, Work
from curate.engine.parts import Part
from curate.engine.processes import Processes
from curate.engine.tasks import Stage, Task
from curate.engine.work import Fall, Outcome
from curate.errors import CurateError, InputError, PluginError, UsageError, retold, suggest
from curate.registry import Resolved

Judge = Callable[[Task], Outcome]
PLACES = 16
"""Places of one memory, at most: each is a process, and each segment asks them all."""


class Elsewhere:
    """An executor of the engine that has a plugin's do the work."""

    def __init__(self, name: str, pools: Pools, cuts: Sequence[Stage], workers: int | None) -> None:
        self.name, self.pools, self._workers = name, pools, workers
        self._pool = {stage: number for number, stage in enumerate(cuts)}
        self._under_way: dict[int, tuple[int, Task]] = {}
        self._sent = 0

    @property
    def capacity(self) -> int:
        """How many tasks keep the machines busy."""
        with _named(self.name):
            return max(self.pools.capacity, 1)

    def submit(self, key: int, task: Task) -> None:
        """Send a task; a segment of a plain file goes without its lines."""
        self._under_way[self._sent] = key, task
        item = replace(task, segment=task.segment.descriptor())
        with _named(self.name):
            self.pools.submit(self._sent, self._pool[task.steps], item)
        self._sent += 1

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for an outcome.

        Raises:
            PluginError: the executor answers what it was not asked.
        """
        with _named(self.name):
            number, outcome = self.pools.next()
        if number not in self._under_way:
            raise PluginError(
                f"executor {self.name!r} answered item {number!r}, which it was not given or has "
                "answered already; it must give each answer once"
            )
        if not isinstance(outcome, Part | CurateError | Fall):
            raise PluginError(
                f"executor {self.name!r} answered item {number} with a {type(outcome).__name__}; "
                "it must hand back what its work returned"
            )
        return *self._under_way.pop(number), outcome

    def keep(self, work: Work) -> Sequence[Keeper]:
        """Open a work that remembers, in about as many places as there are workers.

        Raises:
            PluginError: the executor opens none.
        """
        with _named(self.name):
            count = min(self._workers or self.pools.capacity, PLACES)
            keepers = self.pools.keep(work, max(count, 1))
        if not keepers:
            raise PluginError(f"executor {self.name!r} was to keep a memory, and keeps none")
        return [_Named(self.name, keeper) for keeper in keepers]


@dataclass(frozen=True, slots=True)
class _Named:
    """A keeper, named in whatever it raises that is no error of ours."""

    name: str
    keeper: Keeper

    def ask(self, item: Any) -> Callable[[], Any]:
        """Send an item; return what waits for the answer."""
        with _named(self.name):
            wait = self.keeper.ask(item)

        def named() -> Any:
            with _named(self.name, Forgotten):
                return wait()

        return named

    def renew(self) -> None:
        """Open the work again, with nothing remembered."""
        with _named(self.name):
            self.keeper.renew()


@contextmanager
def elsewhere(
    plugin: Executor,
    resolved: Resolved,
    ctx: Context,
    cuts: Sequence[Stage],
    workers: int | None,
) -> Iterator[Elsewhere]:
    """Open a plugin's executor with a work for each stage."""
    works = [
        Work(tuple(resolved.steps[n].name for n in stage), _Opening(resolved, ctx, stage))
        for stage in cuts
    ]
    with _named(plugin.name):
        opening = plugin.open(works, workers)
        pools = opening.__enter__()
    error: BaseException | None = None
    try:
        yield Elsewhere(plugin.name, pools, cuts, workers)
    except BaseException as raised:
        error = raised
        raise
    finally:
        with _named(plugin.name):
            opening.__exit__(type(error) if error else None, error, None)


def check_apart(plugin: Executor, resolved: Resolved) -> None:
    """Check that the steps which want workers of their own are in the plan.

    Raises:
        UsageError: one is not.
    """
    known = [step.name for step in resolved.steps]
    with _named(plugin.name):
        apart = sorted(plugin.apart())
    for name in apart:
        if name not in known:
            raise UsageError(
                f"executor {plugin.name!r}: the plan has no step {name!r}{suggest(name, known)}"
            )


@contextmanager
def _named(name: str, lawful: type[Exception] = CurateError) -> Iterator[None]:
    """Name the executor in whatever it raises that is no error of ours and not `lawful`."""
    try:
        yield
    except (CurateError, lawful):
        raise
    except (Exception, SystemExit) as error:  # whatever a plugin raises is named
        raise PluginError(f"executor {name!r}: {type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Opening:
    """Opens a stage in a worker of the executor; it travels as a pickle."""

    resolved: Resolved
    ctx: Context
    stage: Stage

    @contextmanager
    def __call__(self) -> Iterator[Judge]:
        """Yield what judges a task in a process of its own."""
        # The kernel ends that process with the thread that started it, and a worker may ask from
        # a new thread each time; so one thread of ours starts it and talks to it.
        with ThreadPoolExecutor(1, "curate") as thread:
            judging = _Judging(Processes(self.resolved, self.ctx, 1, self.stage, forks=False))
            try:
                yield lambda task: thread.submit(judging.judge, task).result()
            finally:
                thread.submit(judging.close).result()


class _Judging:
    """Judges in a process of its own; whatever goes wrong is an outcome, never an exception."""

    def __init__(self, processes: Processes) -> None:
        self.processes = processes
        self.failure: CurateError | None = None
        """Why it judges no more: the run ends by it."""

    def judge(self, task: Task) -> Outcome:
        """Judge a task."""
        segment = task.segment
        if segment.data is None and segment.path and not os.path.exists(segment.path):
            return InputError(
                f"{segment.file}: a machine of the executor does not see {segment.path}; put the "
                "file where every machine sees it, or name it by a URL"
            )
        if self.failure is None:
            try:
                self.processes.submit(0, task)
                return self.processes.next()[2]
            except CurateError as error:
                self.failure = retold(error, str(error))
            except Exception as error:  # the machine's: no memory, no more processes
                told = f"a machine of the executor: {type(error).__name__}: {error}"
                self.failure = PluginError(told)
        return self.failure

    def close(self) -> None:
        """Let the plugins close; after a failure they may hang, and are ended."""
        self.processes.__exit__(type(self.failure) if self.failure else None)
