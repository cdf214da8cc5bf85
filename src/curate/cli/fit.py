"""`curate fit`: train small models from labelled rows."""

import json
from pathlib import Path
from typing import Protocol

import click

from curate.cli.here import HERE
from curate.cli.progress import stage
from curate.errors import InputError, UsageError


@click.group("fit")
def command() -> None:
    """Train small models from labelled rows, for filters to use."""


@command.command(
    "linear",
    epilog="Example: curate fit linear labels.jsonl --positive negative --out negative.safetensors",
)
@click.argument("labels", nargs=-1, required=True)
@click.option("--out", required=True, type=HERE, help="The model: a .safetensors file.")
@click.option("--positive", metavar="NAME", help="The label to find, where labels are names.")
@click.option("--group", metavar="FIELD", help="Never split up rows that agree in FIELD.")
@click.option(
    "--also",
    multiple=True,
    metavar="FILE",
    help="Labelled rows of another kind of text, to print what the model loses there; may be "
    "repeated.",
)
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the folds.")
@click.option(
    "--penalty",
    type=click.FloatRange(0, min_open=True),
    help="On large weights; more of it suits fewer or noisier labels.  [default: 0.15]",
)
@click.option(
    "--window",
    type=click.IntRange(20),
    help="Characters scored at once.  [default: what 99 % of the texts fit into, 200 to 4000]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def linear(
    labels: tuple[str, ...],
    out: Path,
    positive: str | None,
    group: str | None,
    also: tuple[str, ...],
    folds: int,
    seed: int,
    penalty: float | None,
    window: int | None,
    as_json: bool,
) -> None:
    """Fit a classifier for the filter `linear` and print what it reaches on held-out texts.

    LABELS are files of rows {"text": ..., "label": ...}, where a label is 0 or 1, true or false,
    or a name. The same text is never on both sides of a split. Needs the extra `fast`, and up to
    200 bytes of memory for each character of the texts.
    """
    from curate.fitting import labels as labelled
    from curate.fitting import linear as fitting
    from curate.fitting import logistic, report

    _check(out)
    settings = fitting.Settings(
        penalty=penalty or logistic.PENALTY, folds=folds, seed=seed, window=window, group=group
    )
    rows = labelled.read(labels, positive, group)
    others = [labelled.read([name], positive) for name in also]
    fitted = fitting.fit(rows, settings, stage)
    for other in others:
        fitted = fitting.also(fitted, rows, other)
    sha256 = _save(fitted, out)
    if as_json:
        click.echo(json.dumps({"model": str(out), "sha256": sha256} | report.dump(fitted.facts)))
        return
    for line in report.lines(fitted.facts):
        click.echo(line)
    click.echo(f"\n{out}: use it as {{use: linear, with: {{model: {out}}}}}")


@command.command(
    "fingerprint",
    epilog="Example: curate fit fingerprint 'corpora/*.jsonl' --out teachers.safetensors",
)
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--out", required=True, type=HERE, help="The model: a .safetensors file.")
@click.option("--teacher", metavar="FIELD", help="Where a row names its teacher.")
@click.option(
    "--min-rows",
    type=click.IntRange(10),
    default=50,
    show_default=True,
    help="Leave out teachers with fewer responses.",
)
@click.option(
    "--unknown",
    type=click.FloatRange(0, 0.99),
    default=0.2,
    show_default=True,
    help="The share of texts taken to be by teachers not in CORPUS; confidences count it in.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of folds and draws.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fingerprint(
    corpora: tuple[str, ...],
    out: Path,
    teacher: str | None,
    min_rows: int,
    unknown: float,
    seed: int,
    as_json: bool,
) -> None:
    """Fit a probe for the filter `fingerprint` that tells teachers apart by their responses.

    CORPUS are files of any known shape whose rows name their teacher; answers of several teachers
    to the same prompts are best. Prints what the probe reaches on held-out prompts, and what its
    confidence means on teachers it has not met. Needs the extra `fast`.
    """
    from curate.fitting.fingerprint import report, samples, training
    from curate.io import fields
    from curate.plan import Input

    _check(out)
    if teacher is not None:
        fields.path(teacher)
    corpus = samples.read(corpora, Input(teacher=teacher))
    settings = training.Settings(least=min_rows, unknown=unknown)
    try:
        fitted = training.fit(corpus.samples, seed, settings, stage, corpus.files)
    except InputError as error:
        raise InputError(f"{error}{report.left_out(corpus)}") from None
    sha256 = _save(fitted, out)
    if as_json:
        click.echo(
            json.dumps({"model": str(out), "sha256": sha256} | report.dump(fitted.facts, corpus))
        )
        return
    for line in report.lines(fitted.facts, corpus):
        click.echo(line)
    click.echo(f"\n{out}: use it as {{use: fingerprint, with: {{model: {out}}}}}")


class _Savable(Protocol):
    def save(self, path: Path) -> None: ...


def _save(fitted: _Savable, out: Path) -> str:
    """Write a model's file and return its SHA-256."""
    from curate.fitting.model import sha256

    try:
        fitted.save(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    stage("")
    return sha256(out)


def _check(out: Path) -> None:
    """Refuse an output that cannot be meant, before any work is done."""
    if out.suffix != ".safetensors":
        raise UsageError(f"{out}: a model's name ends in .safetensors")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {str(out.parent)!r}")
