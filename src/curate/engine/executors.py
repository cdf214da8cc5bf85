"""Where segments are processed. Outcomes come in any order; the run puts them in order.

That is why the files are the same for any number of workers of either kind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from curate.api import Context
from curate.engine.opening import opened
from curate.engine.processes import Processes
from curate.engine.tasks import Task
from curate.engine.threads import Threads
from curate.engine.work import Outcome
from curate.registry import Resolved


class Executor(Protocol):
    """Takes tasks, gives outcomes back in any order."""

    capacity: int
    """How many tasks keep it busy."""

    def submit(self, key: int, task: Task) -> None:
        """Start a task."""

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for the next outcome and return it with its key and task."""


@contextmanager
def executor(kind: str, resolved: Resolved, ctx: Context, workers: int) -> Iterator[Executor]:
    """Yield the executor named `processes` or `threads`."""
    if kind == "processes":
        with Processes(resolved, ctx, workers) as processes:
            yield processes
    else:
        with opened(resolved.steps, ctx) as asks, Threads(resolved, asks, workers) as threads:
            yield threads
