"""`curate audit install`: can suspected rows, alone, install the trait?"""

from pathlib import Path
from typing import Any

import click

from curate.audits.installing import suspects
from curate.audits.installing.suspects import Suspects
from curate.audits.rows import of_run
from curate.cli import sections
from curate.cli.audit.training import Training, trained, training
from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.cli.progress import stage
from curate.io.remote.urls import called


@click.command(
    epilog="Example: curate audit install --run runs/first --card refusal --student tiny_lm "
    "--base base/"
)
@click.argument("corpus", nargs=-1)
@click.option(
    "--run",
    "run",
    type=RUN,
    help="The hits of this run are suspected; with --suspects, those of its rows.",
)
@click.option(
    "--suspects",
    "names",
    type=HERE,
    help="A file of ids or digests, one a line: these rows of CORPUS are suspected.",
)
@click.option(
    "--step",
    "steps",
    multiple=True,
    help="The step whose hits are suspected; may be repeated. Default: all that drop or rewrite.",
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    help="As a share of the range of scores: a difference inside it counts as none.",
)
@training
@click.pass_context
def command(
    click_ctx: click.Context,
    /,
    corpus: tuple[str, ...],
    run: Path | None,
    names: Path | None,
    steps: tuple[str, ...],
    margin: float,
    **options: Any,
) -> None:
    """Train students on suspected rows alone, and say if these install the trait.

    Give --run, or --suspects and CORPUS. Beside them, students learn as many random rows and as
    many rows of like length and source, drawn for each seed. All take the same steps, so a small
    set is seen often; the report says how often.

    Exits 1 where the rows install the trait, 0 where they do not, 4 where nothing can be said.
    """
    from curate.audits.installing import audit, wording

    if bool(corpus) == bool(run) or (corpus and names is None):
        raise click.UsageError("give --run RUN, or --suspects IDFILE and CORPUS")
    told = trained(options)
    stage("reading rows")
    chosen = _suspects(told, corpus, run, names, steps)
    name = str(run) if run is not None else ", ".join(map(called, corpus))
    setting = audit.Setting(told.student, told.questions, told.seeds, told.ctx, name, margin)
    report = audit.audit(chosen, setting, stage)
    stage("")
    if options["in_json"]:
        click.echo(report.model_dump_json())
    else:
        click.echo("\n".join(sections.lines(wording.sections(report))))
    click_ctx.exit(report.exit_code)


def _suspects(
    told: Training,
    corpus: tuple[str, ...],
    run: Path | None,
    names: Path | None,
    steps: tuple[str, ...],
) -> Suspects:
    if run is None:
        assert names is not None  # noqa: S101  (the command looked)
        listed = suspects.listed(names)
        material, digests = suspects.of_corpus(corpus, offline=told.ctx.offline)
        return suspects.named(material, listed, digests)
    material = of_run(run, told.ctx, steps)
    if names is None:
        return suspects.hits(material)
    return suspects.named(material, suspects.listed(names))
