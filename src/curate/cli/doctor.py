"""`curate doctor`: is the installation in order, and what would bring what is missing?"""

import json
from pathlib import Path

import click

from curate.audits.wording import Section
from curate.checkup import wording
from curate.checkup.checking import check
from curate.cli import sections
from curate.cli.asking import remembering
from curate.cli.here import FOLDER_HERE


@click.command("doctor", epilog="Example: curate doctor --json")
@click.option(
    "--runs",
    type=FOLDER_HERE,
    default=Path(),
    help="The folder where runs are to be written.  [default: here]",
)
@remembering
@click.option("--deep", is_flag=True, help="Import torch too, and ask it for threads and GPUs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx: click.Context, runs: Path, cache: Path, deep: bool, as_json: bool) -> None:
    """Check the installation: versions, extras, plugins, folders, variables that matter.

    Of an extra that is not installed it says what brings it. Keys are said to be set or not, never
    shown, and the network is not used. Exits 1 when an installed plugin is broken, a package has a
    version that curate or a plugin cannot use, or a folder cannot be written.
    """
    found = check(runs, cache, deep=deep)
    if as_json:
        click.echo(json.dumps(found.dump()))
    else:
        for line in sections.lines(Section(*part) for part in wording.parts(found)):
            click.echo(line)
    ctx.exit(1 if found.problems else 0)
