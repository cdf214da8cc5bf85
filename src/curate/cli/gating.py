"""What `gate` and `baseline` have in common: their targets, and how these are opened."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from curate import plan as plans
from curate import registry
from curate.api import Context
from curate.cli import load_registry
from curate.cli.asking import asking
from curate.cli.workers import executor_for, workers_for, workers_option
from curate.engine.run import Options
from curate.errors import UsageError
from curate.gate import policy as policies
from curate.gate.gating import Request
from curate.gate.opening import opened
from curate.io.spool import spool
from curate.plan import PlanFile

Command = TypeVar("Command", bound=Callable[..., Any])


def gating(command: Command) -> Command:
    """Give a command the targets and what they are judged by."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return asking(command)


_OPTIONS = (
    click.argument("targets", metavar="TARGET...", nargs=-1, required=True),
    click.option(
        "--plan",
        type=click.Path(path_type=Path),
        help="What corpora are run through; nothing is written.",
    ),
    click.option(
        "--policy",
        type=click.Path(path_type=Path),
        help="The rules. Default: no step hits, and every audit ended well.",
    ),
    workers_option,
    click.option("--offline", is_flag=True, help="Plugins must not use the network."),
)


@contextmanager
def requested(options: dict[str, Any], **more: Any) -> Iterator[Request]:
    """Yield what a command asks for; standard input lies in a folder that goes away.

    Raises:
        UsageError: the plan, the policy or a target is wrong.
    """
    plan, policy = options["plan"], options["policy"]
    loaded = PlanFile(plans.Plan()) if plan is None else plans.load(plan)
    resolved = registry.resolve(loaded, load_registry())
    kind = executor_for("auto", resolved, options["max_cost"])
    names = ("offline", "cache", "replay", "max_cost")
    reading = loaded.plan.input.model_dump(exclude_none=True)
    with TemporaryDirectory() as folder:
        found = opened(
            options["targets"],
            loaded.plan.input.format,
            lambda: spool(sys.stdin.buffer, Path(folder), fresh=True),
            offline=options["offline"],
        )
        yield Request(
            found,
            resolved,
            Context(
                seed=loaded.plan.seed, reading=reading, **{name: options[name] for name in names}
            ),
            Options(kind, options["workers"] or workers_for(kind)),
            None if policy is None else policies.load(policy),
            **more,
        )


def check_output(option: str, written: Path | None, targets: Sequence[str]) -> None:
    """Check before anything is judged that the result can be written, and not over a target.

    Raises:
        UsageError: a target would be written over, or the folder is not there.
    """
    if written is None:
        return
    if not written.absolute().parent.is_dir() or written.is_dir():
        raise UsageError(f"{option} {written}: its folder is not there, or it is a folder")
    if not written.exists():
        return
    for target in targets:
        if os.path.exists(target) and written.samefile(target):
            raise UsageError(f"{option} {written} is a target; choose another file")
