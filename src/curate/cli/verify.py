"""`curate verify`: are the files of a run what it wrote?"""

import json
from pathlib import Path

import click

from curate.cli.places import RUN
from curate.errors import LedgerError
from curate.looking.verifying import Verified, verify
from curate.summary import balance
from curate.visible import inline


@click.command("verify", epilog="Example: curate verify runs/first --inputs")
@click.argument("run", type=RUN)
@click.option("--inputs", is_flag=True, help="Read the inputs again too, from where they were.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(run: Path, inputs: bool, as_json: bool) -> None:
    """Check that the files of RUN are what it wrote and that its books balance.

    Every row, and the original of every rewritten one, is held against its ledger entry, every
    entry against the plan, the numbers of run.json against the ledger (not the words by teacher),
    every file against its hash, and the lines that make up the inputs against theirs. Exits 3 when
    anything is off.
    """
    found = verify(run, inputs=inputs)
    if as_json:
        click.echo(json.dumps(found.dump()))
    else:
        _say(found)
    if total := found.problems.total:
        raise LedgerError(f"{run}: {total:,} problem{'s' * (total > 1)}: not what the run wrote")


def _say(found: Verified) -> None:
    problems = found.problems
    for place, what in problems.first:
        click.echo(inline(f"{place}: {what}"))
    if problems.total > len(problems.first):
        click.echo(f"… and {problems.total - len(problems.first):,} more")
    if not problems.total:
        click.echo(f"verified: {balance(found.counts)}; {found.bytes:,} bytes")
