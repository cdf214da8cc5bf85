"""Where the segments of a run are judged, and by how many."""

import os

import click

from curate.errors import UsageError
from curate.registry import Resolved

THREADS = 4
"""Segments that wait for a service at the same time, at least: one's last answers are slow."""


def _workers(_ctx: click.Context, _param: click.Parameter, value: str) -> int | None:
    if value == "auto":
        return None
    if value.isascii() and value.isdigit() and 0 < int(value) <= 1024:
        return int(value)
    raise click.BadParameter("a number from 1 to 1024, or auto")


workers_option = click.option(
    "--workers", default="auto", callback=_workers, show_default=True, help="A number, or auto."
)
"""Gives a command the option `--workers`; None stands for auto."""


def executor_for(choice: str, resolved: Resolved, max_cost: float | None) -> str:
    """Return where segments are judged: in threads where a step waits for a service.

    Raises:
        UsageError: processes were asked for, and do not know what the others spend.
    """
    if choice == "auto":
        waits = any(step.waits for step in resolved.steps)
        return "threads" if waits or max_cost is not None else "processes"
    if choice == "processes" and max_cost is not None:
        raise UsageError(
            "--max-cost needs --executor threads: processes do not know what the others spend"
        )
    return choice


def workers_for(kind: str) -> int:
    """Return how many workers: one per processor; threads that wait need no processor."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return max(processors, THREADS) if kind == "threads" else processors
