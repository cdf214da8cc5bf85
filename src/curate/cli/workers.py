"""Where the segments of a run are judged, and by how many."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from curate.api import Executor
from curate.cli.built import build, spec
from curate.engine.run import Options
from curate.errors import UsageError, suggest
from curate.registry import Builder, Registry, Resolved

Command = TypeVar("Command", bound=Callable[..., Any])

THREADS = 4
"""Segments that wait for a service at the same time, at least: one's last answers are slow."""
_LOCAL = ("auto", "processes", "threads")


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


def executing(command: Command) -> Command:
    """Give a command the options `--executor` and `--address`."""
    for option in reversed(_EXECUTING):
        command = option(command)
    return command


_EXECUTING = (
    click.option(
        "--executor",
        default="auto",
        metavar="NAME|SPEC",
        show_default=True,
        help="Where segments are judged: processes, threads, an installed executor by name, or "
        "'{use: NAME, with: {...}}' or a file of it; auto: in threads where a filter waits for a "
        "service, else in processes.",
    ),
    click.option("--address", help="Where an installed executor finds its machines."),
)


def executor_named(choice: str, address: str | None, registry: Registry) -> str | Executor:
    """Return the plugin that `--executor` names, or the word for one of this machine.

    Raises:
        UsageError: there is none, or its options are wrong.
    """
    option = "--executor"
    if choice in _LOCAL:
        if address is not None:
            raise UsageError(f"--address is of no use to --executor {choice}: it is this machine")
        return choice
    known = registry.executors
    told: dict[str, Any] = {"use": choice}
    if choice.lstrip().startswith("{") or (choice not in known and os.path.isfile(choice)):
        _, told = spec(choice, option)
    name, options, more = (
        str(told.get("use")),
        told.get("with") or {},
        told.keys() - {"use", "with"},
    )
    if more or not isinstance(options, dict):
        raise UsageError(f"{option}: must be {{use: NAME, with: {{...}}}}")
    if name not in known:
        names = (*_LOCAL, *known)
        raise UsageError(
            f"{option}: no executor named {name!r}{suggest(name, names)}; there are "
            f"{', '.join(names)}"
        )
    cls = known[name].cls
    assert issubclass(cls, Executor)  # noqa: S101  (the registry keeps kinds apart)
    if address is not None:
        if "address" not in cls.model_fields:
            raise UsageError(f"--address: executor {name!r} has no option `address`")
        options = {**options, "address": address}
    return build(Builder(registry), cls, options, option)


def options_for(
    choice: str | Executor,
    resolved: Resolved,
    workers: int | None,
    max_cost: float | None,
    **more: Any,
) -> Options:
    """Return the options of a run.

    Args:
        choice: `auto`, `processes`, `threads`, or a plugin.
        resolved: The plan.
        workers: What `--workers` says.
        max_cost: What `--max-cost` says.
        **more: Other fields of the options.

    Raises:
        UsageError: workers that do not know what the others spend cannot keep to a cost.
    """
    if isinstance(choice, Executor):
        if max_cost is not None:
            raise UsageError(_cannot_keep_to_it(f"the machines of {choice.name!r}"))
        return Options(choice, workers, **more)
    kind = executor_for(choice, resolved, max_cost)
    return Options(kind, workers or workers_for(kind), **more)


def _cannot_keep_to_it(who: str) -> str:
    return f"--max-cost needs --executor threads: {who} do not know what the others spend"


def executor_for(choice: str, resolved: Resolved, max_cost: float | None) -> str:
    """Return where segments are judged: in threads where a step waits for a service.

    Raises:
        UsageError: processes were asked for, and do not know what the others spend.
    """
    if choice == "auto":
        waits = any(step.waits for step in resolved.steps)
        return "threads" if waits or max_cost is not None else "processes"
    if choice == "processes" and max_cost is not None:
        raise UsageError(_cannot_keep_to_it("processes"))
    return choice


def workers_for(kind: str) -> int:
    """Return how many workers: one per processor; threads that wait need no processor."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return max(processors, THREADS) if kind == "threads" else processors
