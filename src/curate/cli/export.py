"""`curate export`: the rows of a run, or of files, as a table."""

import json
from pathlib import Path

import click

from curate import ledger
from curate.cli.here import HERE
from curate.exporting.declared import declared
from curate.exporting.export import export
from curate.exporting.rows import rows
from curate.exporting.target import FORMATS, Format, target
from curate.exporting.wording import text
from curate.ledger import Fate
from curate.visible import visible


@click.command("export", epilog="Example: curate export runs/first --to first.parquet")
@click.argument("run_or_files", nargs=-1, required=True)
@click.option(
    "--to",
    type=HERE,
    required=True,
    help="What to write: .parquet, .arrow, .jsonl (also .gz, .zst); a name without ending is a "
    "folder of `datasets`.",
)
@click.option(
    "--what",
    type=click.Choice(ledger.FATES),
    default="kept",
    show_default=True,
    help="Which rows of a run to write.",
)
@click.option("--format", type=click.Choice(FORMATS), help="What to write, whatever the ending.")
@click.option(
    "--schema",
    metavar="TABLE",
    help="A Parquet or Arrow file whose types the columns shall have. Default: the types in the "
    "tables that were read, where the rows still fit.",
)
@click.option(
    "--allow-changes",
    is_flag=True,
    help="Write a table although it changes values: 1 to 1.0, mixed values to JSON text.",
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object about what was written."
)
def command(
    run_or_files: tuple[str, ...],
    to: Path,
    what: Fate,
    format: Format | None,
    schema: str | None,
    allow_changes: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Write rows of RUN_OR_FILES as Parquet, Arrow, a folder of `datasets` or JSON lines.

    Everything is read back and compared before it gets its name. A table has no missing keys: they
    become null, which is counted and told. A table that would change a value is refused.
    """
    found = rows(run_or_files, what)
    wanted = target(to, format, (*run_or_files, *found.names), force=force)
    types = None if schema is None else declared(schema)
    exported = export(found, wanted, allow_changes=allow_changes, types=types)
    if as_json:
        click.echo(json.dumps(exported.dump()))
        return
    click.echo(visible(text(exported, what if found.runs else "read")), nl=False)
