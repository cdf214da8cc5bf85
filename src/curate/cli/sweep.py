"""`curate sweep`: what other thresholds would do."""

import json
from pathlib import Path

import click

from curate.cli.places import RUN
from curate.looking import sweep_text
from curate.looking.sweeping import sweep


@click.command("sweep", epilog="Example: curate sweep runs/first --step toxicity --at 0.3 --at 0.7")
@click.argument("run", type=RUN)
@click.option("--step", required=True, help="The step whose threshold is varied.")
@click.option(
    "--at",
    multiple=True,
    metavar="X",
    help="A threshold (LOW,HIGH for a rule `outside`); may be repeated. Default: quantiles of the "
    "scores.",
)
@click.option(
    "-n",
    "examples",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="Records named on each side of a threshold.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(run: Path, step: str, at: tuple[str, ...], examples: int, as_json: bool) -> None:
    """Count what STEP of RUN would hit at other thresholds, from the ledger alone."""
    found = sweep(run, step, at, examples)
    if as_json:
        click.echo(json.dumps(found.dump()))
        return
    for line in sweep_text.lines(found):
        click.echo(line)
