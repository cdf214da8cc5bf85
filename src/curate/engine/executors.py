"""Where segments are processed: in worker processes (the default) or in threads.

Both take tasks and give back outcomes in any order; the run puts them in order, so the files are
the same for any number of either. A process that hangs or dies is killed, replaced, and its task
tried again one record at a time, until the record that does it is known.
"""

import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, Self

from curate.api import Context
from curate.engine.flow import Task, opened, process
from curate.engine.judging import Ask
from curate.engine.parts import BY_READER, Part
from curate.errors import CurateError, PluginError
from curate.registry import Resolved

TICK = 0.25
"""Seconds between two looks at who is late."""


@dataclass(frozen=True, slots=True)
class Fall:
    """One record on which a step hung or took its process down with it."""

    step: int
    record: int
    reason: str
    how: str


Outcome = Part | CurateError | Fall


class Executor(Protocol):
    """Takes tasks, gives outcomes back in any order."""

    capacity: int
    """How many tasks keep it busy."""

    def submit(self, key: int, task: Task) -> None:
        """Start a task."""

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for the next outcome and return it with its key and task."""


class Marker:
    """What a worker is doing, readable from outside while it hangs.

    Four numbers in shared memory: step, first record, records, monotonic start time.
    """

    def __init__(self) -> None:
        self.cells = multiprocessing.RawArray("d", [BY_READER, 0, 0, 0])

    def __call__(self, step: int, first: int, count: int) -> None:
        """Note that a call begins, or, with step BY_READER, that it ended."""
        self.cells[1], self.cells[2], self.cells[3] = first, count, time.monotonic()
        self.cells[0] = step

    def restart(self) -> None:
        """Start the clock of the call under way again."""
        self.cells[3] = time.monotonic()

    def late(self, timeouts: Sequence[float]) -> tuple[int, int, int] | None:
        """Return (step, first record, records) of a call that is over its time, else None."""
        step, first, count, started = self.cells
        if step == BY_READER or time.monotonic() - started < timeouts[int(step)]:
            return None
        return int(step), int(first), int(count)

    def now(self) -> tuple[int, int, int] | None:
        """Return (step, first record, records) of the call under way, else None."""
        step, first, count, _ = self.cells
        return None if step == BY_READER else (int(step), int(first), int(count))


def _work(task: Task, resolved: Resolved, asks: Sequence[Ask], mark: Marker) -> Outcome:
    try:
        return process(task, resolved, asks, mark)
    except CurateError as error:
        return error
    except OSError as error:
        return CurateError(f"{task.segment.file}: {error}")


# --- processes ----------------------------------------------------------------------------------


def _serve(
    connection: Connection,
    mark: Marker,
    resolved: Resolved,
    ctx: Context,
    inherited: Sequence[Connection],
) -> None:
    """Run a worker process: open the plugins once, then process tasks until told to stop.

    `inherited` are the run's ends of all pipes, which a fork copies: while a copy is open, a
    worker of a killed run would wait for ever to get rid of its answer.
    """
    for pipe in inherited:
        pipe.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's business
    parent = os.getppid()
    try:
        with opened(resolved.steps, ctx) as asks:
            connection.send(None)
            while True:
                while not connection.poll(1):  # a killed run must not leave workers behind
                    if os.getppid() != parent:
                        return
                task = connection.recv()
                if task is None:
                    return
                connection.send(_work(task, resolved, asks, mark))
    except CurateError as error:
        connection.send(error)
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:  # whatever `open` of a plugin raises is named
        connection.send(
            PluginError(f"a plugin could not be opened: {type(error).__name__}: {error}")
        )


class _Worker:
    """One process, its pipe, and the tasks it was given and has not answered."""

    def __init__(self, start: Callable[[Connection, Connection, Marker], BaseProcess]) -> None:
        self.mark = Marker()
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = start(self.pipe, theirs, self.mark)
        theirs.close()
        self.ready = False
        self.tasks: deque[tuple[int, Task]] = deque()

    def give(self, key: int, task: Task) -> None:
        self.tasks.append((key, task))
        with suppress(BrokenPipeError):  # it just died, which is found out where answers are read
            self.pipe.send(replace(task, segment=task.segment.descriptor()))

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Processes:
    """Worker processes, started as there is work for them."""

    def __init__(self, resolved: Resolved, ctx: Context, workers: int) -> None:
        self.resolved, self.ctx, self.workers = resolved, ctx, workers
        self.capacity = 2 * workers + 1
        self.timeouts = [step.timeout for step in resolved.steps]
        self._pool: list[_Worker] = []
        self._waiting: deque[tuple[int, Task]] = deque()
        self._done: deque[tuple[int, Task, Outcome]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._pool:
            worker.kill()

    def submit(self, key: int, task: Task) -> None:
        """Queue a task."""
        self._waiting.append((key, task))
        self._hand_out()

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for an outcome; kill and replace workers that hang or died."""
        while not self._done:
            self._hand_out()
            for pipe in wait([worker.pipe for worker in self._pool], TICK):
                self._receive(next(worker for worker in self._pool if worker.pipe is pipe))
            for worker in list(self._pool):
                if late := worker.mark.late(self.timeouts):
                    limit = self.timeouts[late[0]]
                    self._fell(
                        worker,
                        late,
                        "plugin_hung",
                        f"gave no answer within {limit:g} s and was killed",
                    )
        return self._done.popleft()

    def _hand_out(self) -> None:
        """Give each worker a task, then a second one, so that none waits for the run.

        The second one must fit into the pipe: a worker that is sending its answer does not read,
        and both sides would wait for ever. So segments that carry their bytes go one at a time.
        """
        while self._waiting:
            free = [worker for worker in self._pool if not worker.tasks]
            if not free and len(self._pool) < self.workers:
                free = [self._start()]
            if not free and self._waiting[0][1].segment.path is not None:
                free = [worker for worker in self._pool if len(worker.tasks) < 2]
            if not free:
                return
            free[0].give(*self._waiting.popleft())

    def _start(self) -> _Worker:
        # fork is cheapest and safe while this process has one thread; else a fresh interpreter
        fork = sys.platform == "linux" and threading.active_count() == 1
        spawning: Any = multiprocessing.get_context("fork" if fork else "spawn")

        def start(ours: Connection, theirs: Connection, mark: Marker) -> BaseProcess:
            inherited = [ours, *(worker.pipe for worker in self._pool)] if fork else []
            arguments = (theirs, mark, self.resolved, self.ctx, inherited)
            process: BaseProcess = spawning.Process(target=_serve, args=arguments, daemon=True)
            process.start()
            return process

        worker = _Worker(start)
        self._pool.append(worker)
        return worker

    def _receive(self, worker: _Worker) -> None:
        try:
            outcome = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            how = f"died (exit code {worker.process.exitcode})"
            self._fell(worker, worker.mark.now(), "plugin_died", how)
            return
        if not worker.ready:
            worker.ready = True
            if isinstance(outcome, CurateError):
                raise outcome
            return
        self._done.append((*worker.tasks.popleft(), outcome))

    def _fell(
        self, worker: _Worker, call: tuple[int, int, int] | None, reason: str, how: str
    ) -> None:
        """Replace a lost worker; its first task is tried again with care, others as they are."""
        worker.kill()
        self._pool.remove(worker)
        tasks = list(worker.tasks)
        if call is None:
            raise PluginError(f"a worker process {how} outside any step; see its output above")
        key, task = tasks[0]
        step, record, count = call
        if count == 1:
            self._done.append((key, task, Fall(step, record, reason, how)))
        else:
            self._waiting.appendleft((key, replace(task, cautious=True)))
        self._waiting.extendleft(reversed(tasks[1:]))


# --- threads ------------------------------------------------------------------------------------


class Threads:
    """Threads of this process, for filters that wait for a service or a GPU.

    The plugins are opened once; a step is never called from two threads at a time, but different
    steps work on different segments at the same time. A thread cannot be killed: a step that hangs
    is named and ends the run.
    """

    def __init__(self, resolved: Resolved, asks: Sequence[Ask], workers: int) -> None:
        self.resolved, self.workers = resolved, workers
        self.capacity = workers + 1
        self.timeouts = [step.timeout for step in resolved.steps]
        self._asks = [(ask, threading.Lock()) for ask in asks]
        self._tasks: queue.SimpleQueue[tuple[int, Task] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Task, Outcome]] = queue.SimpleQueue()
        self._marks = [Marker() for _ in range(workers)]

    def __enter__(self) -> Self:
        for mark in self._marks:
            threading.Thread(target=self._serve, args=(mark,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for _mark in self._marks:
            self._tasks.put(None)

    def submit(self, key: int, task: Task) -> None:
        """Queue a task."""
        self._tasks.put((key, task))

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for an outcome.

        Raises:
            PluginError: a step hangs.
        """
        while True:
            try:
                return self._done.get(timeout=TICK)
            except queue.Empty:
                for mark in self._marks:
                    if late := mark.late(self.timeouts):
                        raise PluginError(self._hung(late[0])) from None

    def _serve(self, mark: Marker) -> None:
        asks = [_one_at_a_time(ask, lock, mark) for ask, lock in self._asks]
        while (item := self._tasks.get()) is not None:
            key, task = item
            self._done.put((key, task, _work(task, self.resolved, asks, mark)))

    def _hung(self, step: int) -> str:
        name, limit = self.resolved.steps[step].name, self.timeouts[step]
        return (
            f"step {name!r} gave no answer within {limit:g} s; a thread cannot be killed, so the "
            "run ends here, with everything committed kept: raise the step's `timeout:`, or use "
            "`--executor processes`, which finds the record that does it"
        )


def _one_at_a_time(ask: Ask, lock: threading.Lock, mark: Marker) -> Ask:
    def guarded(records: Any) -> Any:
        with lock:
            mark.restart()  # waiting for the lock is not the plugin's time
            return ask(records)

    return guarded


@contextmanager
def executor(kind: str, resolved: Resolved, ctx: Context, workers: int) -> Iterator[Executor]:
    """Yield the executor named `processes` or `threads`."""
    if kind == "processes":
        with Processes(resolved, ctx, workers) as processes:
            yield processes
    else:
        with opened(resolved.steps, ctx) as asks, Threads(resolved, asks, workers) as threads:
            yield threads
