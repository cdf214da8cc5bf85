"""`curate index`: clean rollouts by prompt, and how much of a corpus they could replace."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from curate import plan
from curate.api import Context
from curate.cli.here import HERE
from curate.cli.places import RUN
from curate.cli.progress import rows_read, stage
from curate.cli.table import table
from curate.errors import UsageError
from curate.index import report
from curate.index.building import build
from curate.index.coverage import Coverage, of_corpora
from curate.index.opening import opened
from curate.looking.covering import of_run
from curate.plan import Input

_PLAN = click.option(
    "--plan",
    "plan_file",
    type=HERE,
    help="Read the corpora as this plan's `input:` says (shapes, teacher fields, aliases).",
)


@click.group("index")
def command() -> None:
    """Build and look at indexes of clean rollouts, for the rewriter `replay` to take from."""


@command.command(
    "build",
    epilog="Example: curate index build clean/*.jsonl --teacher gpt-4-0314 --out clean.index",
)
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--out", required=True, type=HERE, help="The file to write.")
@click.option(
    "--teacher",
    "teachers",
    multiple=True,
    metavar="NAME",
    help="Only the rollouts of this teacher; may be repeated.",
)
@click.option("--teacher-is", metavar="NAME", help="The teacher of rows that name none.")
@_PLAN
@click.option("--force", is_flag=True, help="Replace an index that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def build_command(
    corpora: tuple[str, ...],
    out: Path,
    teachers: tuple[str, ...],
    teacher_is: str | None,
    plan_file: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make an index of the last answers in corpora, found by the conversation before them.

    Prompts are compared by their words, system prompts and earlier turns included, never by an id
    that rows declare. Rows without a teacher, a prompt or an answer are left out and counted, and
    so are repeats of the same answer.
    """
    settings = _input(plan_file)
    if teacher_is is not None:
        settings = settings.model_copy(update={"teacher_is": teacher_is})
    try:
        facts = build(corpora, out, settings, teachers, force=force, progress=rows_read)
    finally:
        stage("")
    size = out.stat().st_size
    if as_json:
        click.echo(json.dumps({"index": str(out), "bytes": size, **asdict(facts)}))
        return
    for line in (*report.built(str(out), facts, size), "", *table(report.names(facts))):
        click.echo(line)
    click.echo(f"\n{out}: use it as rewrite: {{use: replay, with: {{index: {out}}}}}")


@command.command(
    "stats",
    epilog="Example: curate index stats clean.index corpus.jsonl --run runs/first --step dates",
)
@click.argument("index", type=HERE)
@click.argument("corpora", nargs=-1, metavar="[CORPUS...]")
@click.option("--run", type=RUN, help="Cover what the steps of RUN hit.")
@click.option("--step", metavar="STEP", help="Of the run: this step alone, by teacher and source.")
@_PLAN
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats_command(
    index: Path,
    corpora: tuple[str, ...],
    run: Path | None,
    step: str | None,
    plan_file: Path | None,
    as_json: bool,
) -> None:
    """Say what is in INDEX, and how many rows of corpora, or hits of a run, it has a prompt for.

    All of the index is read and checked. Rows count as `exact` where somebody answered the very
    same prompt, as `normalised` where case, blanks or Unicode forms differ, else as `none`; `same
    teacher` are those that nobody but their own teacher answered. INDEX may be a corpus too.
    """
    if step is not None and run is None:
        raise UsageError("--step needs --run: the run directory whose step is meant")
    settings = _input(plan_file)
    with opened(index, Context()) as open_index:
        open_index.check()
        by_corpus = of_corpora(open_index, corpora, settings) if corpora else {}
        by_step = of_run(open_index, run, step) if run else {}
        size = open_index.path.stat().st_size
    facts = open_index.facts
    if as_json:
        told: dict[str, Any] = {"index": str(index), "bytes": size, **asdict(facts)}
        told["corpora"] = [{"corpus": name, **each.dump()} for name, each in by_corpus.items()]
        told["steps"] = [{"step": name, **each.dump()} for name, each in by_step.items()]
        click.echo(json.dumps(told))
        return
    for line in (*report.held(str(index), facts, size), "", *table(report.names(facts))):
        click.echo(line)
    _show(by_corpus, "corpus", details=True)
    _show(by_step, "step", details=step is not None)


def _show(found: dict[str, Coverage], what: str, *, details: bool) -> None:
    if found:
        click.echo()
        for line in (*table(report.covered(found, what, details=details)), *report.unusable(found)):
            click.echo(line)


def _input(plan_file: Path | None) -> Input:
    return Input() if plan_file is None else plan.load(plan_file).plan.input
