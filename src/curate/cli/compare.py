"""`curate compare`: what became of the records of one run in another."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from curate.cli.places import RUN
from curate.looking.changes import wording
from curate.looking.changes.comparison import compare
from curate.looking.changes.examples import examples


@click.command("compare", epilog="Example: curate compare runs/drop runs/switch")
@click.argument("run_a", type=RUN)
@click.argument("run_b", type=RUN)
@click.option(
    "-n",
    "count",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="Records shown of each kind of change.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 where a record differs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(
    click_ctx: click.Context, run_a: Path, run_b: Path, count: int, exit_code: bool, as_json: bool
) -> None:
    """Say which records changed fate, text or score between RUN_A and RUN_B, and why.

    Records match by the bytes of the line that was read; where lines repeat, by file and line, then
    in input order. Ledgers are streamed: where both runs read the same files, memory does not grow
    with them; lines that moved wait in a temporary folder, and memory holds a 64th of them.
    """
    found = compare(run_a, run_b, count)
    shown = list(examples(run_a, run_b, found)) if count else []
    if as_json:
        told = found.dump() | {"examples": [asdict(each) for each in shown]}
        click.echo(json.dumps(told))
    else:
        for line in wording.lines(found, shown):
            click.echo(line)
    click_ctx.exit(int(exit_code and found.differs))
