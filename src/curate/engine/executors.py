"""Where segments are processed. Outcomes come in any order; the run puts them in order.

That is why the files are the same for any number of workers of any kind.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from curate.api import Context
from curate.api import Executor as Plugin
from curate.engine.elsewhere import elsewhere
from curate.engine.opening import opened
from curate.engine.processes import Processes
from curate.engine.tasks import Stage, Task, stages
from curate.engine.threads import Threads
from curate.engine.work import Outcome
from curate.registry import Resolved


class Executor(Protocol):
    """Takes tasks, gives outcomes back in any order."""

    @property
    def capacity(self) -> int:
        """How many tasks keep it busy."""

    def submit(self, key: int, task: Task) -> None:
        """Start a task."""

    def next(self) -> tuple[int, Task, Outcome]:
        """Wait for the next outcome and return it with its key and task."""


def cut(kind: str | Plugin, resolved: Resolved) -> list[Stage]:
    """Return the stages: only a plugin's executor may want workers of its own for a step."""
    return stages(resolved.steps, () if isinstance(kind, str) else kind.apart())


@contextmanager
def executor(
    kind: str | Plugin,
    resolved: Resolved,
    ctx: Context,
    cuts: Sequence[Stage],
    workers: int | None,
) -> Iterator[Executor]:
    """Yield the executor named `processes` or `threads`, or what a plugin opens elsewhere."""
    if not isinstance(kind, str):
        with elsewhere(kind, resolved, ctx, cuts, workers) as far:
            yield far
    elif kind == "processes":
        with Processes(resolved, ctx, workers or 1) as processes:
            yield processes
    else:
        with opened(resolved.steps, ctx) as asks, Threads(resolved, asks, workers or 1) as threads:
            yield threads
