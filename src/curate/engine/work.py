"""One piece of work, seen from outside: what it is, what came of it, whether it is late."""

import math
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curate.engine.flow import process
from curate.engine.opening import Opened
from curate.engine.parts import BY_READER, Part
from curate.engine.tasks import Task
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

    def pause(self) -> None:
        """Stop the clock: the call waits for its turn."""
        self.cells[3] = math.inf

    def resume(self) -> None:
        """Start the clock: it is the call's turn."""
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


def work(task: Task, resolved: Resolved, asks: Mapping[int, Opened], mark: Marker) -> Outcome:
    """Process a task; whatever goes wrong is an outcome, never an exception."""
    try:
        return process(task, resolved, asks, mark)
    except CurateError as error:
        return error
    except OSError as error:
        return CurateError(f"{task.segment.file}: {error}")
    except Exception as error:  # of a plugin, or ours: it must reach the run, not end a worker
        call = mark.now()
        name = f"step {resolved.steps[call[0]].name!r}" if call else "the engine"
        return PluginError(f"{name}: {type(error).__name__}: {error}")
