"""`curate init`: a first plan for a corpus."""

from collections.abc import Sequence
from pathlib import Path

import click

from curate.cli import load_registry
from curate.cli.here import HERE
from curate.cli.looking_at import looked_at
from curate.drafting.draft import draft
from curate.drafting.quoting import argument
from curate.errors import UsageError
from curate.io.remote.urls import called
from curate.plan import Input
from curate.surveying.survey import Survey


@click.command("init", epilog="Example: curate init corpus.jsonl --out plan.yaml")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--out", type=HERE, help="Write the plan to this file.")
@click.option("--force", is_flag=True, help="Replace a plan that is there.")
def command(corpora: tuple[str, ...], out: Path | None, force: bool) -> None:
    """Draft a plan for corpora: their shape, sensible steps, and what each would hit.

    All rows are read, and every step is tried on up to 2,000 of them. The plan goes to standard
    output, or to --out.
    """
    if out is not None and out.exists() and not force:
        raise UsageError(f"{out} exists and is left alone; choose another name or --force")
    installed = load_registry()
    found, sample = looked_at(corpora, Input())
    if out is not None and (reason := _in_the_way(out, corpora, found)):
        raise UsageError(f"{out} {reason}; choose another name")
    text = draft([*map(called, corpora)], found, sample, installed, str(out or "plan.yaml"))
    if out is None:
        click.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    click.echo(f"written to {out}: see `curate plan {argument(str(out))}`")


def _in_the_way(out: Path, corpora: Sequence[str], found: Survey) -> str:
    """Say what of the corpora would be written over; empty: nothing."""
    files = [file.name for file in found.files if Path(file.name).exists()]  # others: on the hub
    if out.exists() and any(map(out.samefile, files)):
        return "is one of the corpora"
    parents = out.resolve().parents
    inside = next((name for name in corpora if Path(name).resolve() in parents), None)
    return f"lies in the corpus {inside}" if inside else ""
