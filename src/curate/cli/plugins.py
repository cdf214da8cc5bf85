"""`curate plugins`: what is installed, what it does, and the start of a new one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from curate.catalogue import details, page, summary
from curate.cli import load_registry
from curate.cli.here import FOLDER_HERE
from curate.errors import UsageError, suggest
from curate.scaffold import scaffold
from curate.visible import visible


@click.group("plugins")
def command() -> None:
    """List, explain and start plugins."""


@command.command("list", epilog="Example: curate plugins list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the installed plugins; broken ones come last."""
    registry = load_registry()
    rows = [summary(entry) for entry in registry.plugins]
    if as_json:
        broken = [vars(each) for each in registry.broken]
        click.echo(json.dumps({"plugins": rows, "broken": broken}, indent=2))
        return
    _table(
        ["name", "kind", "from", "what it does"],
        *([row["name"], row["kind"], _origin(row), row["summary"]] for row in rows),
    )
    for each in registry.broken:
        click.echo(visible(str(each)))


@command.command("info", epilog="Example: curate plugins info duplicates")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(name: str, as_json: bool) -> None:
    """Explain a plugin: what it does, when a score is a hit, its options.

    Plugins of different kinds may share a name; each of them is explained (JSON: a list).
    """
    registry = load_registry()
    found = [details(entry) for entry in registry.named(name)]
    if not found:
        known = [entry.cls.name for entry in registry.plugins]
        raise UsageError(f"no plugin named {name!r}{suggest(name, known)}")
    if as_json:
        click.echo(json.dumps(found[0] if len(found) == 1 else found, indent=2))
        return
    click.echo("\n\n".join(map(page, found)))


@command.command("new", epilog="Example: curate plugins new shouting --dir plugins")
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=FOLDER_HERE,
    default=Path(),
    help="Where to put the folder curate-NAME; default: here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def new(name: str, folder: Path, as_json: bool) -> None:
    """Write an installable plugin package: a working filter, its test, its CI file."""
    made = scaffold(name, folder, taken=load_registry().filters)
    if as_json:
        told = {"folder": str(made.folder), "filter": made.filter, "files": made.files}
        click.echo(json.dumps(told, indent=2))
        return
    for file in made.files:
        click.echo(made.folder / file)
    click.echo("\nNext:")
    click.echo(f"  pip install -e '{made.folder}[test]'")
    click.echo(f"  pytest {made.folder}")
    click.echo(f"  curate plugins info {made.filter}")


def _origin(row: dict[str, Any]) -> str:
    return f"{row['distribution']} {row['distribution_version']}"


def _table(*rows: Sequence[str]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
