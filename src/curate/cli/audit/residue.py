"""`curate audit residue`: what is left in the rows a run kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from curate.api import Context
from curate.audits.rows import of_run
from curate.cli import load_registry, sections
from curate.cli.audit.design import of_steps
from curate.cli.audit.training import clean_teacher, perhaps_training, trained
from curate.cli.built import build
from curate.cli.places import RUN
from curate.cli.progress import stage
from curate.cli.scoring import scoring
from curate.errors import UsageError
from curate.filters.trait import Trait
from curate.probing import Scoring
from curate.registry import Builder
from curate.traits import loading


@click.command(
    epilog="Example: curate audit residue runs/first --card refusal --student tiny_lm "
    "--base base/ --index clean.index"
)
@click.argument("run", type=RUN)
@of_steps
@click.option(
    "--index",
    metavar="INDEX",
    help="Clean rollouts for the students: an index, a corpus to make one of, or `none`. Default: "
    "what the run itself took rollouts from.",
)
@click.option(
    "--mild",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.25,
    show_default=True,
    help="How far on the way from no sign to a hit a row is mild.",
)
@click.option(
    "--rows",
    type=click.IntRange(100),
    default=20_000,
    show_default=True,
    help="The probe reads at most so many hits, and so many kept rows.",
)
@click.option(
    "-n", "count", type=click.IntRange(0), default=5, show_default=True, help="Rows shown."
)
@click.option("--unmask", is_flag=True, help="Show what steps marked as sensitive.")
@perhaps_training
def command(
    run: Path,
    steps: tuple[str, ...],
    index: str | None,
    mild: float,
    rows: int,
    count: int,
    unmask: bool,
    **options: Any,
) -> None:
    """Look at what is left in the rows that RUN kept: mild versions, rows like the dropped ones.

    From the ledger, how far kept rows are on the way to a hit, and from their words, which of them
    read like dropped ones. With --card, its scorer of rows grades them too (or --judge, --scorer).
    With --student, students learn from fewer and fewer mild rows: does leak-through follow, and
    how much of it do mild rows, length, source and dose not explain? They are asked for the card's
    two continuations where it has them, or, with --answers, scored as rows are.

    Exits 0 whatever it finds. Needs the extra `fast`, and `audit` for most students.
    """
    from curate.audits.asking import asking
    from curate.audits.residue import audit, wording

    if options["student"] is not None and options["card"] is None:
        raise UsageError("--student needs --card: what students are asked")
    ctx = _context(options)
    card = None if options["card"] is None else _rows_scored(options)
    settings = audit.Settings(mild, count, unmask, rows)
    if options["student"] is None:
        material = of_run(run, ctx, steps)
        report = audit.audit(run, material, ctx, card=card, settings=settings, progress=stage)
    else:
        told = trained(_of_students(options))
        material = of_run(run, ctx, steps, clean_teacher(told, index, run))
        with asking(told.questions, ctx) as asks:
            report = audit.audit(
                run,
                material,
                ctx,
                card=card,
                students=audit.Students(told.student, told.questions, told.seeds, asks),
                settings=settings,
                progress=stage,
            )
    stage("")
    if options["in_json"]:
        click.echo(report.model_dump_json())
    else:
        click.echo("\n".join(sections.lines(wording.sections(report))))


def _context(options: Mapping[str, Any]) -> Context:
    named = ("seed", "offline", "cache", "replay", "max_cost")
    return Context(**{name: options[name] for name in named})


def _rows_scored(options: Mapping[str, Any]) -> tuple[str, Scoring]:
    """Return the card's name and how rows are scored: by its offline scorer, if no other is named.

    Raises:
        UsageError: the options contradict each other, or the card has no rubric for a judge.
    """
    path, judge, scorer = options["card"], options["judge"], options["scorer"]
    card, builder = loading.load(path), Builder(load_registry())
    if judge is not None or scorer is not None:
        return card.name, scoring(builder, path, card, judge, scorer, contrast=False)
    trait = build(builder, Trait, {"card": path}, "--card")
    return card.name, Scoring(trait, trait.default_rule(), (trait.low, trait.high))


def _of_students(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with which students are asked: a scorer of rows is not in their way."""
    two = loading.load(options["card"]).score.contrast is not None
    if two and options["contrast"] is not False:
        return {**options, "contrast": True, "judge": None, "scorer": None}
    return dict(options)
