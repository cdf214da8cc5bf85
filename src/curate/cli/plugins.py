"""`curate plugins`: what is installed, what an installed filter does, and how to start a new one."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from curate.cli import load_registry
from curate.errors import UsageError, suggest
from curate.plan_schema import describable
from curate.registry import Broken, Entry
from curate.scaffold import scaffold


@click.group("plugins")
def command() -> None:
    """List, explain and start plugins."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the installed plugins; broken ones come last."""
    registry = load_registry()
    rows = [_row(name, entry) for name, entry in registry.filters.items()]
    if as_json:
        click.echo(json.dumps({"plugins": rows, "broken": list(map(_failure, registry.broken))}))
        return
    table = [
        (row["name"], row["kind"], f"{row['distribution']} {row['distribution_version']}")
        + (row["summary"],)
        for row in rows
    ]
    _print_table([("name", "kind", "from", "what it does"), *table])
    for broken in registry.broken:
        click.echo(f"broken: {broken.entry} of {broken.distribution}: {broken.error}")


@command.command("info")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(name: str, as_json: bool) -> None:
    """Explain one installed plugin: its options, its score, its rule."""
    filters = load_registry().filters
    if name not in filters:
        raise UsageError(f"no plugin named {name!r}{suggest(name, filters)}")
    entry = filters[name]
    cls = entry.cls
    schema = cls.model_json_schema() if describable(cls) else {}
    told = _row(name, entry) | {
        "description": _dedented(cls.__doc__ or ""),
        "options": _options(schema),
        "range": [_number(cls.low), _number(cls.high)],
        "rule": cls.rule.model_dump(mode="json", exclude_none=True),
        "timeout": cls.timeout,
    }
    click.echo(json.dumps(told) if as_json else _page(told))


@command.command("new")
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    help="The new folder to write; default: curate-NAME here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def new(name: str, folder: Path | None, as_json: bool) -> None:
    """Write an installable plugin package with a working filter, its test and its CI."""
    made = scaffold(name, folder, taken=load_registry().filters)
    if as_json:
        told = {"folder": str(made.folder), "filter": made.filter, "files": made.files}
        click.echo(json.dumps(told))
        return
    for file in made.files:
        click.echo(made.folder / file)
    click.echo(f"\nNext:\n  pip install -e '{made.folder}[test]'\n  pytest {made.folder}")
    click.echo(f"  curate plugins info {made.filter}")


def _row(name: str, entry: Entry) -> dict[str, Any]:
    return {
        "name": name,
        "kind": "filter",
        "version": entry.cls.version,
        "distribution": entry.distribution,
        "distribution_version": entry.version,
        "summary": _dedented(entry.cls.__doc__ or "").split("\n", 1)[0],
    }


def _failure(broken: Broken) -> dict[str, str]:
    return {
        "distribution": broken.distribution,
        "entry": broken.entry,
        "error": broken.error,
    }
