"""`curate fit`: train small models from labelled rows."""

import json
import sys
from pathlib import Path

import click

from curate.errors import UsageError


@click.group("fit")
def command() -> None:
    """Train small models from labelled rows, for filters to use."""


@command.command(
    "linear",
    epilog="Example: curate fit linear labels.jsonl --positive negative --out negative.safetensors",
)
@click.argument("labels", nargs=-1, required=True)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The model: a .safetensors file."
)
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
    from curate.fitting import logistic, model, report

    _check(out)
    settings = fitting.Settings(
        penalty=penalty or logistic.PENALTY, folds=folds, seed=seed, window=window, group=group
    )
    rows = labelled.read(labels, positive, group)
    others = [labelled.read([name], positive) for name in also]
    fitted = fitting.fit(rows, settings, _progress)
    for other in others:
        fitted = fitting.also(fitted, rows, other)
    try:
        fitted.save(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    _progress("")
    if as_json:
        told = {"model": str(out), "sha256": model.sha256(out)} | report.dump(fitted.facts)
        click.echo(json.dumps(told))
        return
    for line in report.lines(fitted.facts):
        click.echo(line)
    click.echo(f"\n{out}: use it as {{use: linear, with: {{model: {out}}}}}")


def _check(out: Path) -> None:
    """Refuse an output that cannot be meant, before any work is done."""
    if out.suffix != ".safetensors":
        raise UsageError(f"{out}: a model's name ends in .safetensors")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {str(out.parent)!r}")


def _progress(stage: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{stage}", nl=False, err=True)
