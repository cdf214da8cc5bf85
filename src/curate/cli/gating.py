"""What `gate` and `baseline` have in common: their targets, and how these are opened."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from curate import plan as plans
from curate import registry
from curate.cli import load_registry
from curate.cli.asking import asking, context
from curate.cli.here import HERE
from curate.cli.workers import options_for, workers_option
from curate.errors import UsageError
from curate.gate import policy as policies
from curate.gate.gating import Request
from curate.gate.opening import Opened, opened
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
        type=HERE,
        help="What corpora are run through; nothing is written.",
    ),
    click.option(
        "--policy",
        type=HERE,
        help="The rules. Default: no step hits, and every audit ended well.",
    ),
    workers_option,
    click.option("--offline", is_flag=True, help="Plugins must not use the network."),
)


@contextmanager
def requested(
    options: dict[str, Any], output: Path | None, accepted: Path | None = None, **more: Any
) -> Iterator[Request]:
    """Yield what a command asks for; standard input lies in a folder that goes away.

    Args:
        options: The options of `gating`.
        output: Where the result will be written; it must be none of what is read.
        accepted: The file of the baseline, where one is read.
        **more: Fields of the request.

    Raises:
        UsageError: the plan, the policy, a target or the output is wrong.
    """
    plan, policy = options["plan"], options["policy"]
    if output is not None:
        _check_folder(output)
    loaded = PlanFile(plans.Plan()) if plan is None else plans.load(plan)
    resolved = registry.resolve(loaded, load_registry())
    judged = options_for("auto", resolved, options["workers"], options["max_cost"])
    with TemporaryDirectory() as folder:
        found = opened(
            options["targets"],
            loaded.plan.input.format,
            lambda: spool(sys.stdin.buffer, Path(folder), fresh=True),
            offline=options["offline"],
        )
        if output is not None:
            _check_apart(output, found, {"plan": plan, "policy": policy, "baseline": accepted})
        yield Request(
            found,
            resolved,
            context(loaded.plan, options),
            judged,
            None if policy is None else policies.load(policy),
            **more,
        )


def _check_folder(output: Path) -> None:
    if not output.absolute().parent.is_dir() or output.is_dir():
        raise UsageError(f"--output {output}: its folder is not there, or it is a folder")


def _check_apart(output: Path, found: Opened, others: Mapping[str, Path | None]) -> None:
    """Check that writing the result changes nothing that is read.

    Args:
        output: Where the result will be written.
        found: The targets: no file of theirs, nothing inside a run directory.
        others: What it is -> other files that are read.

    Raises:
        UsageError: it would be written over, or into a run directory.
    """
    inside = [run for run in found.runs if run.resolve() in output.resolve().parents]
    if inside:
        raise UsageError(f"--output {output} is in the run {inside[0]}; choose another place")
    read = [("target", source.path) for source in found.corpora]
    read += [("target", Path(report.path)) for report in found.reports]
    for what, path in (*read, *others.items()):
        if path is not None and path.exists() and output.exists() and output.samefile(path):
            raise UsageError(f"--output {output} is a {what}; choose another file")
