"""Worker processes: the default, because a plugin that hangs or dies can be replaced.

A worker that is late or gone is killed, and its task is tried again one record at a time, until
the record that does it is known.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Self

from curate.api import Context
from curate.engine.opening import opened
from curate.engine.tasks import Stage, Task
from curate.engine.work import TICK, Fall, Marker, Outcome, work
from curate.errors import CurateError, PluginError, retold
from curate.registry import Resolved

LOSSES = 5
"""Workers that may be killed from outside (for memory, say) before the run gives up."""
CLOSING = 5.0
"""Seconds a plugin has to close when the run is over."""


def _serve(
    connection: Connection,
    mark: Marker,
    resolved: Resolved,
    ctx: Context,
    stage: Stage | None,
    inherited: Sequence[Connection],
) -> None:
    """Run a worker process: open the plugins once, then process tasks until told to stop.

    `inherited` are the run's ends of all pipes, which a fork copies: while a copy is open, a
    worker of a killed run would wait for ever to get rid of its answer.
    """
    for pipe in inherited:
        pipe.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's business
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what the run does then was forked, too
    parent = os.getppid()
    _die_with_parent()
    gc.freeze()  # what is loaded now stays
    gc.set_threshold(50_000)  # records come and go by the thousand and hold no cycles
    os.dup2(2, 1)  # what a plugin prints must not get between the run's own output
    try:
        with opened(resolved.steps, ctx, stage) as asks:
            connection.send(None)
            while True:
                while not connection.poll(1):  # a killed run must not leave workers behind
                    if os.getppid() != parent:
                        return
                task = connection.recv()
                if task is None:
                    return
                outcome = work(task, resolved, asks, mark)
                if isinstance(outcome, CurateError):
                    outcome = retold(outcome, str(outcome))
                connection.send(outcome)
    except CurateError as error:
        connection.send(retold(error, str(error)))
    except (EOFError, BrokenPipeError):
        return


def _die_with_parent() -> None:
    """Have the kernel end this process when the run is killed, even inside a plugin's call."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


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
        """Send a task."""
        self.tasks.append((key, task))
        with suppress(BrokenPipeError):  # it just died, which is found out where answers are read
            self.pipe.send(replace(task, segment=task.segment.descriptor()))

    def dismiss(self) -> None:
        """Let an idle worker close its plugins."""
        with suppress(BrokenPipeError):
            self.pipe.send(None)
        self.process.join(CLOSING)

    def kill(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Processes:
    """Worker processes, started as there is work for them.

    Args:
        resolved: The plan.
        ctx: What its plugins are opened with.
        workers: How many processes there may be.
        stage: The steps whose plugins they open; None: all.
        forks: Whether this process may be copied: not where it belongs to a stranger, who may
            have threads that Python does not know of.
    """

    def __init__(
        self,
        resolved: Resolved,
        ctx: Context,
        workers: int,
        stage: Stage | None = None,
        *,
        forks: bool = sys.platform == "linux",
    ) -> None:
        self.resolved, self.ctx, self.workers = resolved, ctx, workers
        self.stage, self.forks = stage, forks
        self.capacity = 2 * workers + 1
        self.timeouts = [step.timeout for step in resolved.steps]
        self._losses = 0
        self._pool: list[_Worker] = []
        self._waiting: deque[tuple[int, Task]] = deque()
        self._done: deque[tuple[int, Task, Outcome]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for worker in self._pool:
            if kind is None:
                worker.dismiss()
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
        and both sides would wait for ever. So tasks that carry rows go one at a time.
        """
        while self._waiting:
            free = [worker for worker in self._pool if not worker.tasks]
            if not free and len(self._pool) < self.workers:
                free = [self._start()]
            if not free and self._waiting[0][1].is_small:
                free = [worker for worker in self._pool if len(worker.tasks) < 2]
            if not free:
                return
            free[0].give(*self._waiting.popleft())

    def _start(self) -> _Worker:
        # fork is cheapest and safe while this process has one thread; else a fresh interpreter
        fork = self.forks and threading.active_count() == 1
        spawning: Any = multiprocessing.get_context("fork" if fork else "spawn")

        def start(ours: Connection, theirs: Connection, mark: Marker) -> BaseProcess:
            inherited = [ours, *(worker.pipe for worker in self._pool)] if fork else []
            arguments = (theirs, mark, self.resolved, self.ctx, self.stage, inherited)
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
            self._losses += 1
            if not worker.ready or self._losses > LOSSES:
                raise PluginError(f"a worker process {how} outside any step; see its output above")
            self._waiting.extendleft(reversed(tasks))
            return
        key, task = tasks[0]
        step, record, count = call
        if count == 1:
            self._done.append((key, task, Fall(step, record, reason, how)))
        else:
            self._waiting.appendleft((key, replace(task, cautious=True)))
        self._waiting.extendleft(reversed(tasks[1:]))
