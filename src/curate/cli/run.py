"""`curate run`: a plan over a corpus, into a run directory."""

import json
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from curate import plan as plans
from curate import registry, summary
from curate.api import Context
from curate.cli import load_registry
from curate.cli.asking import asking
from curate.cli.layout import layout_options
from curate.cli.progress import Progress
from curate.cli.workers import executor_for, workers_for, workers_option
from curate.engine.run import Options, run
from curate.errors import CurateError, UsageError
from curate.io import sources
from curate.io.blocks import Compression
from curate.io.spool import spool
from curate.ledger import Layout

DRY_LINES = 1000


@click.command(epilog="Example: curate run plan.yaml corpus.jsonl --out runs/first")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="The run directory to write.")
@workers_option
@click.option(
    "--executor",
    type=click.Choice(["auto", "processes", "threads"]),
    default="auto",
    show_default=True,
    help="Where segments are judged; auto: in threads where a filter waits for a service.",
)
@layout_options
@click.option("--fresh", is_flag=True, help="Start over, deleting what a run wrote in --out.")
@click.option("--limit", type=click.IntRange(1), help="Read only the first N lines.")
@click.option(
    "--dry-run",
    is_flag=True,
    help=f"Judge the first {DRY_LINES} lines (or --limit); write nothing.",
)
@asking
@click.option("--offline", is_flag=True, help="Plugins must not use the network.")
@click.option("--json", "as_json", is_flag=True, help="Print what run.json says.")
@click.pass_context
def command(
    click_ctx: click.Context,
    plan: Path,
    inputs: tuple[str, ...],
    out: Path | None,
    workers: int | None,
    executor: str,
    shard_size: int | None,
    compress: Compression | None,
    fresh: bool,
    limit: int | None,
    dry_run: bool,
    cache: Path,
    replay: bool,
    max_cost: float | None,
    offline: bool,
    as_json: bool,
) -> None:
    """Run PLAN over INPUTS (files, globs, or - for stdin) and write a run directory.

    Rows come from JSONL, JSON arrays, Parquet, Arrow, a folder that `datasets` saved, or the hub
    (hf://datasets/ORG/NAME@REVISION?config=…&split=…).

    A run that was interrupted goes on where it was when the same command is given again.
    """
    if (out is None) == (not dry_run):
        raise UsageError("give --out DIR for a run, or --dry-run for a look without writing")
    loaded = plans.load(plan)
    resolved = registry.resolve(loaded, load_registry())
    kind = executor_for(executor, resolved, max_cost)
    options = Options(
        executor=kind,
        workers=workers or workers_for(kind),
        fresh=fresh,
        limit=limit or (DRY_LINES if dry_run else None),
        layout=Layout(shard_size, compress),
    )
    seed = loaded.plan.seed
    ctx = Context(
        seed=seed,
        offline=offline,
        cache=cache,
        replay=replay,
        max_cost=max_cost,
        reading=loaded.plan.input.model_dump(exclude_none=True),
    )
    with ExitStack() as stack:
        folder = out or Path(stack.enter_context(TemporaryDirectory()))
        found = sources.expand(
            inputs,
            loaded.plan.input.format,
            stdin=lambda: spool(sys.stdin.buffer, folder, fresh=fresh),
            offline=offline,
        )
        progress = stack.enter_context(closing(Progress()))
        try:
            facts = run(resolved, found, out, options, ctx, progress)
        except KeyboardInterrupt:
            progress.close()
            click.echo("curate: interrupted; the same command goes on from here", err=True)
            click_ctx.exit(130)
        except OSError as error:  # a full disk, a folder that cannot be written
            raise CurateError(
                f"{error.filename or out}: {error.strerror}; when that is mended, the same command "
                "goes on from here"
            ) from error
    _report(facts, out, as_json=as_json)
    click_ctx.exit(3 if facts["status"] == "over_budget" else 0)


def _report(facts: dict[str, Any], out: Path | None, *, as_json: bool) -> None:
    if as_json:
        json.dump(facts, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    sys.stdout.write(summary.text(facts))
    if out is None:
        sys.stdout.write("dry run: nothing was written\n")
    else:
        sys.stdout.write(f"written to {out}: see `curate show {out} --dropped`\n")
