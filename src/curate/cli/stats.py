"""`curate stats`: what is in a corpus, before anything is decided about it."""

import json
from pathlib import Path

import click

from curate import plan
from curate.audits.wording import Section
from curate.cli import load_registry, sections
from curate.cli.here import HERE
from curate.cli.looking_at import looked_at
from curate.plan import Input
from curate.surveying import wording
from curate.surveying.languages import installed


@click.command("stats", epilog="Example: curate stats corpus.jsonl --json")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option(
    "--plan",
    "plan_file",
    type=HERE,
    help="Read the corpora as this plan's `input:` says (shapes, teacher fields, aliases).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(corpora: tuple[str, ...], plan_file: Path | None, as_json: bool) -> None:
    """Say what is in corpora: rows, teachers, conversations, lengths, repeats, languages.

    All rows are read, and a row that is broken is counted, not fatal. Nothing of what rows say is
    printed, only names of fields, teachers, sources and roles.
    """
    settings = Input() if plan_file is None else plan.load(plan_file).plan.input
    found, _ = looked_at(corpora, settings, installed(load_registry()))
    if as_json:
        click.echo(json.dumps(found.dump()))
        return
    for line in sections.lines(Section(*part) for part in wording.parts(found)):
        click.echo(line)
