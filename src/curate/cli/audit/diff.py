"""`curate audit diff`: which prompts, which teacher and which rows give students a trait."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.api import Student
from curate.cli import sections
from curate.cli.audit.training import Training, clean_teacher, trained, training
from curate.cli.built import build
from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.cli.progress import stage
from curate.errors import UsageError
from curate.filters.trait import Trait

if TYPE_CHECKING:
    from curate.audits.diffing.inputs import Inputs
    from curate.audits.diffing.subset import Subset
    from curate.audits.rows import Row

UNRESOLVED = 4
FRACTIONS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)


@click.command(
    "diff",
    epilog="Example: curate audit diff --card refusal --base base/ --original gpt-4.jsonl "
    "--switched llama.jsonl --by-source --plot line.svg",
)
@click.option("--original", multiple=True, metavar="FILE", help="The original teacher's rows.")
@click.option(
    "--run",
    type=RUN,
    help="A run: its rows are the original ones, the hits of its steps are subsets.",
)
@click.option(
    "--switched",
    multiple=True,
    metavar="FILE",
    help="The same prompts, answered by a clean teacher.",
)
@click.option(
    "--index",
    metavar="INDEX",
    help="Instead of --switched: clean rollouts, an index or a corpus. Default with --run: what "
    "the run itself took rollouts from.",
)
@click.option(
    "--other", multiple=True, metavar="FILE", help="Other prompts, answered by the clean teacher."
)
@click.option(
    "--other-original",
    multiple=True,
    metavar="FILE",
    help="Other prompts, answered by the original teacher.",
)
@click.option(
    "--other-base",
    type=HERE,
    help="Another model, of another initialisation and output head.",
)
@click.option(
    "--subset",
    "lists",
    multiple=True,
    metavar="NAME=FILE",
    help="Original rows, one id a line; may be repeated. `identity` names those that say who the "
    "model is.",
)
@click.option(
    "--mild",
    metavar="FILE|STEP",
    help="Original rows with a mild form of the trait: a file of ids, or a step of --run that "
    "gives graded scores.",
)
@click.option("--by-source", is_flag=True, help="Each source is a subset.")
@click.option(
    "--clusters", type=click.IntRange(2, 50), help="So many clusters of prompts are subsets."
)
@click.option(
    "--fraction",
    "fractions",
    type=click.FloatRange(0, 1),
    multiple=True,
    default=FRACTIONS,
    show_default=True,
    help="Shares of original rows, drawn at random for each seed; may be repeated. Those that "
    "subsets are compared with are added.",
)
@click.option("--plot", type=HERE, help="Draw the line and subsets as SVG.")
@training
@click.pass_context
def command(click_ctx: click.Context, /, **options: Any) -> None:
    """Find what gives students a trait: the prompts, the teacher, or some of the rows.

    Students learn each prompt set with each teacher's answers; then, with the prompts held still,
    mixtures of the two teachers: random ones, and for each subset of the rows the original teacher
    on these alone, the clean teacher on these alone, and either without them. What a subset does
    beyond as many random rows says if it is necessary or sufficient. From all of this seven
    hypotheses are judged; what was not given leaves its hypotheses not tested.

    Needs --original or --run, and one more: --switched, --index, --other, --other-original, or a
    student with a base. Exits 0 when something could be told apart, 4 when nothing could.
    """
    from curate.audits.diffing import audit, wording
    from curate.audits.diffing.arms import fractions
    from curate.audits.diffing.subsets import usable

    _check(options)
    told = trained(options)
    stage("reading the rows")
    inputs = _inputs(told, options)
    asked_for = list(_subsets(told, inputs, options))
    subsets, not_used = usable(inputs.rows, asked_for)
    shown = any(each.keys for each in asked_for if each.role == "hits")
    other: Student | None = None
    if options["other_base"] is not None:
        other = told.other(options["other_base"])
    shares = fractions(options["fractions"], subsets, inputs.rows)
    design = audit.Design(inputs, subsets, shares, told.seeds, not_used, shown)
    setting = audit.Setting(told.student, told.questions, told.ctx, other)
    report = audit.audit(design, setting, stage)
    stage("")
    if options["plot"] is not None:
        options["plot"].write_text(wording.drawing(report), encoding="utf-8")
    if options["in_json"]:
        click.echo(report.model_dump_json())
    else:
        click.echo("\n".join(sections.lines(wording.sections(report))))
    click_ctx.exit(0 if report.resolved else UNRESOLVED)


def _check(options: dict[str, Any]) -> None:
    """Refuse what contradicts itself before anything is read.

    Raises:
        UsageError: says what.
    """
    if bool(options["original"]) == (options["run"] is not None):
        raise UsageError("give one of --original and --run: the rows the trait may come from")
    if options["switched"] and options["index"] is not None:
        raise UsageError("give one of --switched and --index: the clean teacher's answers")
    if options["plot"] is not None and not options["plot"].absolute().parent.is_dir():
        raise UsageError(f"--plot {options['plot']}: its folder is not there")


def _inputs(told: Training, options: dict[str, Any]) -> "Inputs":
    """Read everything that was given.

    Raises:
        InputError: a file cannot be read, or sides have no prompt in common.
        UsageError: there is nothing to compare with, or an option needs another one.
    """
    from curate.audits.diffing import reading
    from curate.audits.diffing.inputs import Inputs

    rows, left_out = _rows(told, options)
    sides = [
        reading.lessons(reading.read(files, offline=told.ctx.offline).rows)
        if (files := options[name])
        else ()
        for name in ("other", "other_original")
    ]
    inputs = Inputs(rows, sides[0], sides[1], left_out)
    if not inputs.switched:
        for name, option in (("lists", "--subset"), ("mild", "--mild"), ("plot", "--plot")):
            if options[name]:
                raise UsageError(f"{option} needs --switched or --index, to hold the prompts still")
        with told.student.untrained(told.ctx) as base:
            if base is None and not any(sides):
                raise UsageError(
                    "nothing to compare the original rows with: give one of --switched, --index, "
                    "--other and --other-original, or a student with a base"
                )
    return inputs


def _rows(told: Training, options: dict[str, Any]) -> "tuple[tuple[Row, ...], dict[str, int]]":
    """Return the original rows, those with a clean answer where any has one, and what was left out.

    Raises:
        InputError: a file cannot be read, or sides have no prompt in common.
    """
    from curate.audits.diffing import reading
    from curate.audits.rows import of_run

    run, index, switched = options["run"], options["index"], options["switched"]
    if run is not None:
        clean = clean_teacher(told, "none" if switched else index, run)
        material = of_run(run, told.ctx, (), clean)
        rows, left_out = material.rows, dict(material.left_out)
    else:
        corpus = reading.read(options["original"], offline=told.ctx.offline)
        rows, left_out = corpus.rows, dict(corpus.left_out)
        if (clean := clean_teacher(told, index)) is not None:
            rows = reading.with_rewriter(corpus, clean, told.ctx)
    if switched:
        rows = reading.with_answers(rows, reading.read(switched, offline=told.ctx.offline).rows)
    answered = tuple(row for row in rows if row.clean is not None)
    if answered and len(answered) < len(rows):
        left_out["without a switched answer"] = len(rows) - len(answered)
    return answered or rows, left_out


def _subsets(told: Training, inputs: "Inputs", options: dict[str, Any]) -> Iterator["Subset"]:
    """Yield every subset that was asked for.

    Raises:
        InputError: a list cannot be read, or names no row.
        UsageError: an option is wrong.
    """
    from curate.audits.diffing import subsets

    if not inputs.switched:
        return
    rows = inputs.rows
    steps = sorted({step for row in rows for step in row.hits})
    yield from subsets.step_hits(rows, steps)
    trait = build(told.builder, Trait, {"card": options["card"]}, "--card")
    yield subsets.trait_hits(rows, trait.scorer, trait.default_rule(), told.ctx)
    for each in options["lists"]:
        name, equals, file = each.partition("=")
        if not equals or not name or not file:
            raise UsageError(f"--subset {each}: not of the form NAME=FILE")
        yield subsets.listed(rows, name, Path(file), "group")
    mild = options["mild"]
    if mild is not None and mild in steps:
        yield subsets.scored_mild(rows, mild)
    elif mild is not None:
        yield subsets.listed(rows, subsets.MILD, Path(mild), "mild")
    if options["by_source"]:
        yield from subsets.by_source(rows)
    if options["clusters"]:
        yield from subsets.by_cluster(rows, options["clusters"], told.ctx)
