"""`curate audit locate`: which rows carry a trait, so that switching them removes it."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from curate.audits.rows import of_run
from curate.cli import sections
from curate.cli.audit.training import clean_teacher, trained, training
from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.cli.progress import stage
from curate.errors import UsageError


@click.command(
    epilog="Example: curate audit locate runs/first --card refusal --index clean.index "
    "--student tiny_lm --base base/ --out ids.txt"
)
@click.argument("run", type=RUN)
@click.option(
    "--index",
    metavar="INDEX",
    help="Clean rollouts: an index, or a corpus to make one of. Default: what the run itself took "
    "rollouts from.",
)
@click.option(
    "--ranker",
    metavar="SPEC",
    help="The tiny_lm whose gradients rank the rows, {use: tiny_lm, with: {...}} or a file of it. "
    "Default: the student.",
)
@click.option(
    "--groups",
    type=click.IntRange(40),
    default=48,
    show_default=True,
    help="Groups of rows that are switched to prove the ranking.",
)
@click.option(
    "--by",
    type=click.Choice(["prompts", "source", "random"]),
    default="prompts",
    show_default=True,
    help="What the rows of a group have in common.",
)
@click.option(
    "--pairs",
    type=click.IntRange(10),
    default=48,
    show_default=True,
    help="Pairs of students that prove the ranking: for one a random half of the groups is "
    "switched, for the other the other half.",
)
@click.option(
    "--units",
    type=click.IntRange(2),
    default=200,
    show_default=True,
    help="Parts the ranking is cut into; a part is switched as a whole or not at all.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    default=0.15,
    show_default=True,
    help="The trait counts as removed below it, all clean being 0 and untouched 1.",
)
@click.option(
    "--budget",
    type=click.IntRange(100),
    default=1000,
    show_default=True,
    help="Students that may be trained.",
)
@click.option(
    "--search-seeds",
    type=click.IntRange(3),
    default=4,
    show_default=True,
    help="Students of each set that is tried; --seeds are the fresh ones that judge what is found.",
)
@click.option("--out", type=HERE, help="Write the ids of the rows.")
@training
@click.pass_context
def command(
    click_ctx: click.Context,
    /,
    run: Path,
    index: str | None,
    out: Path | None,
    **options: Any,
) -> None:
    """Find the rows of RUN that carry the trait: switched to a clean teacher, they remove it.

    Rows are ranked by gradients of a small student, the ranking is proved by switching random
    halves of groups of rows, and of the rows that rank highest a set is found whose switch removes
    the trait and none of which can be put back. What the run hit is not used.

    Exits 0 where a set is found and proved, else 4.
    """
    from curate.audits.asking import asking
    from curate.audits.locating import audit, listing, wording
    from curate.audits.locating.ranking import ranked

    told = trained(options)
    clean = clean_teacher(told, index, run)
    if clean is None:
        raise UsageError("no rollouts to switch to: name an index of them with --index")
    ranker = told.student
    if options["ranker"] is not None:
        ranker = trained({**options, "student": options["ranker"], "base": None}).student
    rank = partial(ranked, ranker)
    stage("reading the run")
    material = of_run(run, told.ctx, clean=clean)
    settings = audit.Settings(
        seeds=len(told.seeds),
        searched=options["search_seeds"],
        **{name: options[name] for name in ("groups", "by", "pairs", "units", "margin", "budget")},
    )
    with asking(told.questions, told.ctx) as asks:
        report = audit.locate(material, told.student, asks, told.ctx, rank, settings, stage)
    stage("")
    if out is not None and report.found is not None:
        listing.write(out, report.found.ids)
    if options["in_json"]:
        click.echo(report.model_dump_json())
    else:
        click.echo("\n".join(sections.lines(wording.sections(report))))
        if out is not None and report.found is not None:
            click.echo("\n".join(["", *listing.steps(out, clean)]))
    click_ctx.exit(report.exit_code)
