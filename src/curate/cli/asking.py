"""The options of every verb that may ask a model: what is remembered, what may be spent."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from curate.api import Context
from curate.cli.here import FOLDER_HERE
from curate.plan import Plan

Command = TypeVar("Command", bound=Callable[..., Any])


def asking(command: Command) -> Command:
    """Give a command the options `--cache`, `--replay` and `--max-cost`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def context(plan: Plan, options: Mapping[str, Any]) -> Context:
    """Return what plugins are opened with.

    Args:
        plan: The plan.
        options: Those of `asking`, and `offline`.
    """
    told = {name: options[name] for name in ("offline", "cache", "replay", "max_cost")}
    return Context(seed=plan.seed, reading=plan.input.model_dump(exclude_none=True), **told)


def _folder(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    return value.absolute() if value else Path.home() / ".cache" / "curate"


def _amount(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise click.BadParameter("an amount of 0 or more")
    return value


remembering = click.option(
    "--cache",
    type=FOLDER_HERE,
    envvar="CURATE_CACHE",
    callback=_folder,
    help="Where what was paid for is remembered. Default: $CURATE_CACHE, or ~/.cache/curate.",
)
"""Gives a command the option `--cache` alone."""
_OPTIONS = (
    remembering,
    click.option(
        "--replay",
        is_flag=True,
        help="Ask no model: take every answer from --cache; a missing one ends the run.",
    ),
    click.option(
        "--max-cost",
        type=float,
        callback=_amount,
        metavar="AMOUNT",
        help="Stop before models cost more, in the currency of their prices. What was answered "
        "is kept, and the same command goes on.",
    ),
)
