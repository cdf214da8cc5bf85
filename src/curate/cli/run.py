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
from curate.cli import load_registry
from curate.cli.asking import asking, context
from curate.cli.ending import Terminated, terminable
from curate.cli.here import HERE
from curate.cli.layout import layout_options
from curate.cli.places import NEW_RUN
from curate.cli.progress import Progress
from curate.cli.workers import executing, executor_named, options_for, workers_option
from curate.engine.remote.running import run_away
from curate.engine.run import run
from curate.errors import CurateError, UsageError
from curate.io import sources
from curate.io.blocks import Compression
from curate.io.remote.urls import forbidden
from curate.io.spool import spool
from curate.ledger import Layout

DRY_LINES = 1000


@click.command(epilog="Example: curate run plan.yaml corpus.jsonl --out runs/first")
@click.argument("plan", type=HERE)
@click.argument("inputs", nargs=-1, required=True)
@click.option("--out", type=NEW_RUN, help="The run directory to write; a folder or a URL.")
@workers_option
@executing
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
    out: Path | str | None,
    workers: int | None,
    executor: str,
    address: str | None,
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
    (hf://datasets/ORG/NAME@REVISION?config=…&split=…). A file may be elsewhere (s3://, gs://,
    https://, hf://datasets/ORG/NAME@REVISION/FILE).

    A run that was interrupted goes on where it was when the same command is given again.
    """
    if (out is None) == (not dry_run):
        raise UsageError("give --out DIR for a run, or --dry-run for a look without writing")
    if offline and isinstance(out, str):
        raise forbidden(out, "written")
    loaded = plans.load(plan)
    installed = load_registry()
    resolved = registry.resolve(loaded, installed)
    options = options_for(
        executor_named(executor, address, installed),
        resolved,
        workers,
        max_cost,
        fresh=fresh,
        limit=limit or (DRY_LINES if dry_run else None),
        layout=Layout(shard_size, compress),
    )
    asked = {"offline": offline, "cache": cache, "replay": replay, "max_cost": max_cost}
    ctx = context(loaded.plan, asked)
    with ExitStack() as stack:
        stack.enter_context(terminable())
        folder = out if isinstance(out, Path) else Path(stack.enter_context(TemporaryDirectory()))
        found = sources.expand(
            inputs,
            loaded.plan.input.format,
            stdin=lambda: spool(sys.stdin.buffer, folder, fresh=fresh),
            offline=offline,
        )
        progress = stack.enter_context(closing(Progress()))
        try:
            if isinstance(out, str):
                facts = run_away(resolved, found, out, options, ctx, progress)
            else:
                facts = run(resolved, found, out, options, ctx, progress)
        except KeyboardInterrupt as request:
            progress.close()
            click.echo("curate: interrupted; the same command goes on from here", err=True)
            click_ctx.exit(143 if isinstance(request, Terminated) else 130)
        except OSError as error:  # a full disk, a folder that cannot be written
            raise CurateError(
                f"{error.filename or out}: {error.strerror}; when that is mended, the same command "
                "goes on from here"
            ) from error
    _report(facts, out, as_json=as_json)
    click_ctx.exit(3 if facts["status"] == "over_budget" else 0)


def _report(facts: dict[str, Any], out: Path | str | None, *, as_json: bool) -> None:
    if as_json:
        json.dump(facts, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return
    sys.stdout.write(summary.text(facts))
    if out is None:
        sys.stdout.write("dry run: nothing was written\n")
    else:
        sys.stdout.write(f"written to {out}: see `curate show {out} --dropped`\n")
