"""`curate audit fingerprint`: what responses tell of who wrote them, and what changed that."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from curate.cli import sections
from curate.cli.progress import stage
from curate.errors import UsageError
from curate.io.remote.urls import called

if TYPE_CHECKING:
    from curate.plan import Input


@click.command(
    "fingerprint",
    epilog="Example: curate audit fingerprint gpt-4.jsonl llama.jsonl "
    "--before mix.jsonl --after run/kept.jsonl",
)
@click.argument("corpus", nargs=-1, required=True)
@click.option(
    "--mixture",
    multiple=True,
    metavar="FILE",
    help="Estimate who wrote how much of these rows, whatever they declare; may be repeated.",
)
@click.option("--before", multiple=True, metavar="FILE", help="Rows before a filter or a rewrite,")
@click.option("--after", multiple=True, metavar="FILE", help="and after it: say what it changed.")
@click.option(
    "--teacher-is",
    multiple=True,
    metavar="PATTERN=NAME",
    help="The teacher of rows that name none, in files whose name matches; may be repeated.",
)
@click.option("--teacher", metavar="FIELD", help="Where a row names its teacher, if unusual.")
@click.option("--source", metavar="FIELD", help="Where a row names its source, if unusual.")
@click.option("--prompt-id", metavar="FIELD", help="Where a row names its prompt, if unusual.")
@click.option(
    "--quick",
    is_flag=True,
    help="Only the splits, bags, mixtures, before and after: no changed texts, nothing left out.",
)
@click.option("--splits", type=click.IntRange(1, 50), default=5, show_default=True)
@click.option(
    "--rows",
    type=click.IntRange(30),
    default=2000,
    show_default=True,
    help="Use at most so many rows of a teacher.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of every draw.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes.  [default: one for each processor, at most 8]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    corpus: tuple[str, ...],
    mixture: tuple[str, ...],
    before: tuple[str, ...],
    after: tuple[str, ...],
    teacher_is: tuple[str, ...],
    teacher: str | None,
    source: str | None,
    prompt_id: str | None,
    quick: bool,
    splits: int,
    rows: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Measure how well responses tell who wrote them, by what, and what changed that.

    CORPUS are files of rows that name their teacher. Needs the extra `fast`; writes nothing. Exits
    0 whatever it finds, also where it finds that nothing can be said.
    """
    from curate.audits.fingerprint import audit, matching, wording
    from curate.fitting.fingerprint import samples

    if bool(before) != bool(after):
        raise click.UsageError("--before and --after need each other")
    how = _reading(teacher, source, prompt_id, teacher_is)
    read = samples.read(corpus, how)
    report = audit.audit(
        read,
        audit.Settings(
            seed=seed,
            splits=splits,
            most=rows,
            workers=workers or min(os.cpu_count() or 1, 8),
            arms=not quick,
            strangers=not quick,
            sources=not quick,
        ),
        mixed={called(name): samples.read([name], how).samples for name in mixture},
        matched=matching.match(samples.read(before, how).samples, samples.read(after, how).samples)
        if before
        else None,
        progress=stage,
    )
    stage("")
    if as_json:
        click.echo(report.model_dump_json())
        return
    click.echo("\n".join(sections.lines(wording.sections(report))))


def _reading(
    teacher: str | None, source: str | None, prompt_id: str | None, teacher_is: Sequence[str]
) -> "Input":
    """Return how rows are read."""
    from curate.plan import FileReading, Input

    files = []
    for each in teacher_is:
        pattern, equals, name = each.rpartition("=")
        if not equals or not pattern or not name:
            raise UsageError(f"--teacher-is {each}: not of the form PATTERN=NAME")
        files.append(FileReading(match=pattern, teacher_is=name))
    return Input(teacher=teacher, source=source, prompt_id=prompt_id, files=files)
