"""The options of `curate audit plan` and `curate audit transfer`: which arms, on what scale."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from curate.audits.rows import of_run
from curate.audits.transfer.design import Design, design
from curate.audits.verdict import Rules
from curate.cli.audit.training import Training, clean_teacher
from curate.cli.places import RUN
from curate.cli.progress import stage

Command = TypeVar("Command", bound=Callable[..., Any])


def designing(command: Command) -> Command:
    """Give a command the run, and the options that say what is trained and compared."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def designed(run: Path, told: Training, options: dict[str, Any]) -> Design:
    """Return the design that the options of `designing` ask for.

    Raises:
        UsageError: nothing can be 0 on the scale, or the run has no such step.
        InputError: it is no run directory, or the index cannot be read.
    """
    stage("reading the run")
    material = of_run(run, told.ctx, options["steps"], clean_teacher(told, options["index"], run))
    with told.student.untrained(told.ctx) as base:
        has_base = base is not None
    return design(
        material,
        told.ctx,
        told.seeds,
        has_base=has_base,
        zero=options["zero"],
        only=options["arms"],
        rules=Rules(margin=options["margin"]),
        planted=options["planted"],
    )


of_steps = click.option(
    "--step",
    "steps",
    multiple=True,
    help="The step whose hits are audited; may be repeated. Default: all that drop or rewrite.",
)
"""Gives a command the steps whose hits it is about."""
_OPTIONS = (
    click.argument("run", type=RUN),
    click.option(
        "--index",
        metavar="INDEX",
        help="Clean rollouts: an index, a corpus to make one of, or `none`. Default: what the run "
        "itself took rollouts from.",
    ),
    of_steps,
    click.option(
        "--arms",
        multiple=True,
        metavar="ARM",
        help="Train this arm beside those the scale needs; may be repeated. Default: all.",
    ),
    click.option(
        "--zero",
        type=click.Choice(["clean", "base"]),
        help="What is 0 on the scale. Default: clean, where there are clean rollouts.",
    ),
    click.option(
        "--margin",
        type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
        default=0.15,
        show_default=True,
        help="What is inside it of 0 counts as removed.",
    ),
    click.option(
        "--planted/--no-planted",
        default=True,
        show_default=True,
        help="Plant a trait to show that it would be seen; without, nothing is called absent.",
    ),
    click.option(
        "--exploratory",
        is_flag=True,
        help="Go on with so few seeds that no comparison can be significant.",
    ),
)
