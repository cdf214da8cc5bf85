"""Threads of this process, for filters that wait for a service."""

import faulthandler
import queue
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Self

from curate.api import Plugin
from curate.engine.opening import Opened
from curate.engine.tasks import Task
from curate.engine.work import TICK, Marker, Outcome, work
from curate.errors import PluginError
from curate.registry import ReadyStep, Resolved, waits

GRACE = 60.0
"""Seconds beyond the longest timeout after which a process that cannot even look is ended."""
LONGEST = 1e8
"""Seconds the watchdog's clock can count to; a plan may say `timeout: .inf`."""


class Threads:
    """Threads of this process, for filters that wait for a service or a GPU.

    The plugins are opened once. A step is called from one thread at a time, unless its filter is
    `concurrent`; different steps work on different segments at the same time. A thread cannot be
    killed: a step that hangs is named and ends the run.
    """

    def __init__(self, resolved: Resolved, asks: Mapping[int, Opened], workers: int) -> None:
        self.resolved, self.workers = resolved, workers
        self.capacity = workers + 1
        self.timeouts = [step.timeout for step in resolved.steps]
        self._watchdog = min(max(self.timeouts, default=0.0) + GRACE, LONGEST)
        self._calls = {n: _calls(resolved.steps[n], each) for n, each in asks.items()}
        self._tasks: queue.SimpleQueue[tuple[int, Task] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, Task, Outcome]] = queue.SimpleQueue()
        self._marks = [Marker() for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(mark,), daemon=True) for mark in self._marks
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()
        for _thread in self._threads:
            self._tasks.put(None)
        if kind is None:  # all work is done; after an error a thread may hang
            for thread in self._threads:
                thread.join()

    def submit(self, key: int, task: Task) -> None:
        """Queue a task."""
        self._tasks.put((key, task))

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for an outcome.

        Raises:
            PluginError: a step hangs.
        """
        while True:
            # Should a plugin hold the interpreter's lock, not even this thread can look.
            faulthandler.dump_traceback_later(self._watchdog, exit=True)
            try:
                return self._done.get(timeout=TICK)
            except queue.Empty:
                for mark in self._marks:
                    if late := mark.late(self.timeouts):
                        raise PluginError(self._hung(late[0])) from None

    def _serve(self, mark: Marker) -> None:
        asks = {n: _guarded(calls, mark) for n, calls in self._calls.items()}
        while (item := self._tasks.get()) is not None:
            key, task = item
            self._done.put((key, task, work(task, self.resolved, asks, mark)))

    def _hung(self, step: int) -> str:
        name, limit = self.resolved.steps[step].name, self.timeouts[step]
        return (
            f"step {name!r} gave no answer within {limit:g} s; a thread cannot be killed, so the "
            "run ends here, with everything committed kept: raise the step's `timeout:`, or use "
            "`--executor processes`, which finds the record that does it"
        )


Call = tuple[Any, "threading.Lock | None"]
"""A function of a plugin, and the lock it may be called under; None: whenever."""


def _calls(step: ReadyStep, opened: Opened) -> tuple[Call, Call, tuple[Call, ...]]:
    """Return judge, rewriter and guards of a step with their locks."""
    rewriting = step.rewriting
    if rewriting is None:
        return _call(step.filter, opened.judge), (None, None), ()
    guards = zip(rewriting.guards, opened.guards, strict=True)
    return (
        _call(step.filter, opened.judge),
        _call(rewriting.rewriter, opened.rewrite),
        tuple(_call(guard.filter, ask) for guard, ask in guards),
    )


def _call(plugin: Plugin, function: Any) -> Call:
    return function, None if waits(plugin) else threading.Lock()


def _guarded(calls: tuple[Call, Call, tuple[Call, ...]], mark: Marker) -> Opened:
    judge, rewrite, guards = calls
    return Opened(
        _one_at_a_time(*judge, mark),
        _one_at_a_time(*rewrite, mark),
        tuple(_one_at_a_time(*guard, mark) for guard in guards),
    )


def _one_at_a_time(function: Any, lock: "threading.Lock | None", mark: Marker) -> Any:
    if lock is None:
        return function

    def guarded(items: Sequence[Any]) -> Any:
        mark.pause()  # waiting for the lock is not the plugin's time
        with lock:
            mark.resume()
            return function(items)

    return guarded
