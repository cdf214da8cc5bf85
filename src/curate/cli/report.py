"""`curate report`: a run as one page, a summary, data or a dataset card."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.cli.progress import stage
from curate.errors import UsageError

if TYPE_CHECKING:
    from curate.report.model import Report

Kind = Literal["html", "markdown", "json", "dataset-card"]


@click.command("report", epilog="Example: curate report runs/first --html --output runs/first.html")
@click.argument("run", type=RUN)
@click.option("--html", "kind", flag_value="html", help="One page that opens without a network.")
@click.option("--markdown", "kind", flag_value="markdown", help="A summary: figures, no records.")
@click.option("--json", "kind", flag_value="json", help="All that the page shows, as data.")
@click.option(
    "--dataset-card", "kind", flag_value="dataset-card", help="A card for the Hugging Face hub."
)
@click.option("--output", type=HERE, help="The file to write. Default: stdout.")
@click.option(
    "--audit",
    "audits",
    type=HERE,
    multiple=True,
    help="What an audit of the run printed with --json; may be repeated.",
)
@click.option("--unmask", is_flag=True, help="Show what steps marked as sensitive.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(
    run: Path,
    kind: Kind | None,
    output: Path | None,
    audits: tuple[Path, ...],
    unmask: bool,
    force: bool,
) -> None:
    """Write a report of RUN: what became of every record, why, and what audits say of it.

    Ledger and rows are read once, in memory that does not grow with them. Records are a few
    examples, and secrets and personal data that a step found are masked in them. Equal runs give
    equal reports.
    """
    if kind is None:
        raise UsageError("say what to write: --html, --markdown, --json or --dataset-card")
    if output is None and kind == "html" and sys.stdout.isatty():
        raise UsageError("a page is no text for a terminal: give --output FILE")
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output} exists; --force replaces it")
    if output is not None:
        _refuse_what_is_read(output, run, audits)
    from curate.report.audits import read
    from curate.report.gathering import gather

    found = [read(path) for path in audits]
    try:
        report = gather(run, found, unmask=unmask, progress=_progress)
    finally:
        stage("")
    text = _rendered(report, kind)
    if output is None:
        click.echo(text, nl=False)
        return
    part = output.with_name(f"{output.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, output)  # it has its name only when it is complete
    click.echo(f"written to {output}", err=True)


def _refuse_what_is_read(output: Path, run: Path, audits: tuple[Path, ...]) -> None:
    """Check that the file is none that the report is made from.

    Raises:
        UsageError: it is in a run directory, or an audit's file.
    """
    from curate.ledger import LEDGER, RUN

    place, folder = output.resolve(), run.resolve()
    for above in place.parents:
        if above == folder or ((above / RUN).exists() and (above / LEDGER).exists()):
            raise UsageError(f"{output}: is inside a run directory, {above}; write it elsewhere")
    if place in (path.resolve() for path in audits):
        raise UsageError(f"{output}: is an audit's file; write the report elsewhere")


def _rendered(report: "Report", kind: Kind) -> str:
    if kind == "html":
        from curate.report.page.document import document

        return document(report)
    if kind == "markdown":
        from curate.report.markdown import markdown

        return markdown(report)
    if kind == "dataset-card":
        from curate.report.card import card

        return card(report)
    return report.model_dump_json(indent=1) + "\n"


def _progress(done: int, total: int) -> None:
    stage(f"{done:,} of {total:,} records read")
