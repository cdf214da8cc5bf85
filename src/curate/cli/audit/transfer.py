"""`curate audit transfer`: students trained on what a run made of a corpus, and what they show."""

from pathlib import Path
from typing import Any

import click

from curate.api import Student
from curate.audits.transfer.design import check_reach
from curate.cli import sections
from curate.cli.audit.design import designed, designing
from curate.cli.audit.training import trained, training
from curate.cli.here import HERE
from curate.cli.progress import stage


@click.command(
    epilog="Example: curate audit transfer runs/first --card refusal --index clean.index "
    "--student tiny_lm --base base/"
)
@designing
@training
@click.option(
    "--other-base",
    type=HERE,
    help="Another model, of another initialisation and output head: what is left without it is "
    "subliminal.",
)
@click.option("--plot", type=HERE, help="Write the arms as an SVG picture.")
@click.option("--out", type=HERE, help="Write the report as JSON.")
@click.pass_context
def command(
    click_ctx: click.Context,
    /,
    run: Path,
    other_base: Path | None,
    plot: Path | None,
    out: Path | None,
    **options: Any,
) -> None:
    """Train students on what RUN made of a corpus, and on controls, and say if the trait is left.

    Exits 0 where the trait is removed or was never there, 1 where it leaks, is reduced or returns
    to the prior, 4 where nothing can be said.
    """
    from curate.audits.transfer import audit, picture, wording

    told = trained(options)
    plan = designed(run, told, options)
    check_reach(plan, exploratory=options["exploratory"])
    other: Student | None = None if other_base is None else told.other(other_base)
    setting = audit.Setting(told.student, told.questions, told.ctx, str(run), other)
    report = audit.audit(plan, setting, stage)
    stage("")
    if plot is not None:
        plot.write_text(picture.svg(report), encoding="utf-8")
    if out is not None:
        out.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    if options["in_json"]:
        click.echo(report.model_dump_json())
    else:
        click.echo("\n".join(sections.lines(wording.sections(report))))
    click_ctx.exit(report.verdict.exit_code)
