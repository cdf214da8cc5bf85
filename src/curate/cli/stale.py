"""`curate stale`: is a committed file still what its plan keeps?"""

import json
from contextlib import closing
from pathlib import Path

import click

from curate import plan as plans
from curate import registry
from curate.cli import load_registry
from curate.cli.asking import asking, context
from curate.cli.here import HERE
from curate.cli.progress import Progress
from curate.cli.workers import options_for, workers_option
from curate.io import sources
from curate.io.remote.urls import called
from curate.staleness import Comparison, compare
from curate.visible import inline


@click.command("stale", epilog="Example: curate stale filtered.jsonl --plan plan.yaml corpus.jsonl")
@click.argument("file", type=HERE)
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option(
    "--plan",
    "plan_file",
    required=True,
    type=HERE,
    help="The plan that FILE was made by.",
)
@click.option(
    "--run",
    "recorded",
    type=HERE,
    help="A run directory (its run.json is enough); if it is of this plan, these plugins and these "
    "corpora, nothing is judged again.",
)
@workers_option
@asking
@click.option("--offline", is_flag=True, help="Plugins must not use the network.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    click_ctx: click.Context,
    file: Path,
    corpora: tuple[str, ...],
    plan_file: Path,
    recorded: Path | None,
    workers: int | None,
    cache: Path,
    replay: bool,
    max_cost: float | None,
    offline: bool,
    as_json: bool,
) -> None:
    """Say whether FILE is what the plan and the installed plugins keep of CORPUS, byte for byte.

    Exits 1 when it is stale: the plan, a plugin, a corpus or FILE itself changed; 3 when it is not,
    but a run of the plan would end in 3 too, say because a corpus is damaged. Writes nothing.
    """
    loaded = plans.load(plan_file)
    resolved = registry.resolve(loaded, load_registry())
    options = options_for("auto", resolved, workers, max_cost)
    asked = {"offline": offline, "cache": cache, "replay": replay, "max_cost": max_cost}
    ctx = context(loaded.plan, asked)
    found = sources.expand(corpora, loaded.plan.input.format, offline=offline)
    with closing(Progress()) as progress:
        told = compare(resolved, found, file, recorded, options, ctx, progress)
    if as_json:
        click.echo(json.dumps(told.dump()))
    else:
        click.echo(inline(_said(told, plan_file, corpora)))
        if told.over_budget:
            click.echo(f"NOT CLEAN: over budget: {', '.join(told.over_budget)}")
    click_ctx.exit(1 if told.stale else 3 if told.over_budget else 0)


def _said(told: Comparison, plan_file: Path, corpora: tuple[str, ...]) -> str:
    rows = f"{told.rows:,} row{'s' * (told.rows != 1)}"
    if not told.stale:
        how = "run again" if told.ran else "by the hashes of a finished run"
        return f"{told.file}: is what {plan_file} keeps, {rows} ({how})"
    where = f"line {told.line} is another" if told.line else "its hash is another"
    again = f"curate run {plan_file} {' '.join(map(called, corpora))} --out RUN"
    return (
        f"{told.file}: stale: {where} than {plan_file} keeps ({rows}); `{again}` makes it anew, as "
        "RUN/kept.jsonl"
    )
