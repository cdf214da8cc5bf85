"""`curate show`: look at the records of a run."""

import json
import os
import sys
from pathlib import Path

import click

from curate import ledger
from curate.cli.places import RUN
from curate.ledger import READER, Fate
from curate.looking.choosing import Chosen, Wanted, check_step, find, sample
from curate.looking.exhibits import exhibit
from curate.looking.paint import Paint
from curate.looking.showing import Show
from curate.looking.views import Views


@click.command("show", epilog="Example: curate show runs/first --dropped --step secrets -n 3")
@click.argument("run", type=RUN)
@click.argument("name", metavar="[ID]", required=False)
@click.option("--kept", "fates", flag_value="kept", multiple=True, help="Kept records.")
@click.option("--dropped", "fates", flag_value="dropped", multiple=True, help="Dropped records.")
@click.option(
    "--quarantined", "fates", flag_value="quarantined", multiple=True, help="Quarantined records."
)
@click.option("--rewritten", is_flag=True, help="Records whose text was rewritten.")
@click.option("--step", default="", help="Records that this step hit, dropped or quarantined.")
@click.option(
    "--reason",
    default="",
    help="Records for which a step gave this reason, for its verdict or for a new text refused.",
)
@click.option("-n", "count", type=click.IntRange(1), default=5, show_default=True, help="How many.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the random choice.")
@click.option("--full", is_flag=True, help="Shorten nothing.")
@click.option("--unmask", is_flag=True, help="Show what steps marked as sensitive.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a record.")
def command(
    run: Path,
    name: str | None,
    fates: tuple[Fate, ...],
    rewritten: bool,
    step: str,
    reason: str,
    count: int,
    seed: int,
    full: bool,
    unmask: bool,
    as_json: bool,
) -> None:
    """Show records of RUN with what became of them: a random few, or the one called ID.

    ID is a record's id, '#INDEX', FILE:LINE, or the first 6 or more digits of its digest; what
    every step saw in it is then explained. Of a rewritten record, the text that was read stands
    above the one it has now. Secrets and personal data that a step found are masked.
    """
    facts = ledger.summary(run)
    if step:
        check_step(facts, step, READER)
    wanted = Wanted(frozenset(fates), step, reason, rewritten)
    chosen = sample(run, wanted, count, seed) if name is None else find(run, wanted, name, count)
    views = Views(facts)
    exhibits = (exhibit(line, views.of(line), unmask=unmask) for line in chosen.lines)
    if as_json:
        for each in exhibits:
            click.echo(json.dumps(each.dump()))
        return
    paint = Paint(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    show = Show(facts, paint, step, full=full)
    for each in exhibits:
        for line in show.brief(each) if name is None else show.explained(each):
            click.echo(line, color=paint.colour)
        click.echo()
    click.echo(_total(chosen, name, seed))


def _total(chosen: Chosen, name: str | None, seed: int) -> str:
    shown, total = len(chosen.lines), chosen.total
    if not total:
        return "no record matches"
    if name is not None:
        return f"{shown} of {total:,} records called {name}"
    return f"{shown} of {total:,} matching records, seed {seed}"
