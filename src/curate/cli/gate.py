"""`curate gate`: rules over training data, and an exit code for CI."""

import os
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from curate.cli.gating import gating, requested
from curate.cli.here import HERE
from curate.cli.progress import Progress
from curate.gate import baseline as baselines
from curate.gate.baseline import Baseline
from curate.gate.findings import Finding
from curate.gate.formats import FORMATS, formatted, text
from curate.gate.gating import gate
from curate.gate.result import Result

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Where GitHub Actions shows Markdown from."""
SUMMARY_BYTES = 1 << 20
"""A longer summary is refused as a whole."""


@click.command(
    "gate", epilog="Example: curate gate corpus.jsonl --plan plan.yaml --policy policy.yaml"
)
@gating
@click.option(
    "--baseline",
    type=HERE,
    help="Findings that were accepted with `curate baseline`: only others count.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the result is told.",
)
@click.option(
    "--output",
    type=HERE,
    help="Where it is written, while the text is printed.",
)
@click.option("--unmask", is_flag=True, help="Show what steps marked as sensitive.")
@click.pass_context
def command(
    click_ctx: click.Context,
    /,
    baseline: Path | None,
    format_: str,
    output: Path | None,
    unmask: bool,
    **options: Any,
) -> None:
    """Hold rules against every row of TARGETs, and say by the exit code if they hold.

    A TARGET is a corpus (files, globs, or - for stdin; with --plan it is run through the plan, and
    nothing is written), a run directory, or a saved report of an audit. Exits 0 when every rule
    holds, 1 when one does not, 3 when not everything could be judged, 4 when nothing failed but
    audits that could not say anything.

    \b
    A policy is YAML: `version: 1` and `rules:`, a list of
      hits.STEP == 0                    rows that a step hit, whatever became of them
      dropped.fraction <= 0.2           a share of the rows read; also kept, quarantined, unreadable
      kept >= 1000                      == <= >= < >
      teacher.NAME.fraction <= 0.5      a share of the rows kept; teacher.unknown: they name nobody
      teachers.deny: [GLOB, ...]        of the rows kept; also teachers.allow
      audit.CARD in [removed, absent]   the word a saved report of that card's audit ends in
    or {rule: ..., name: ..., level: warning, why: ...}; odd names stand in double quotes.
    """  # noqa: D301  (click reads the backspace)
    known = Baseline() if baseline is None else baselines.load(baseline)
    telling = Telling(stream=format_ == "text" or output is not None)
    with (
        requested(options, output, baseline, baseline=known, unmask=unmask) as request,
        closing(telling.progress),
    ):
        result = gate(request, telling, telling.progress).result
    telling.close(result)
    if output is not None:
        output.write_text(formatted(format_, result), encoding="utf-8")
    elif format_ != "text":
        click.echo(formatted(format_, result), nl=False)
    if format_ == "github" and (summary := os.environ.get(SUMMARY)):
        _summarise(Path(summary), result)
    click_ctx.exit(result.exit_code)


class Telling:
    """Prints findings as they are found, then those it could not be sure of, then the rest."""

    def __init__(self, *, stream: bool) -> None:
        self.stream, self.progress = stream, Progress()
        self._shown: Counter[str] = Counter()
        self._told: set[tuple[int, int, str]] = set()

    def __call__(self, finding: Finding) -> None:
        """Print a finding, unless its rule has enough."""
        key = (finding.target, finding.index, finding.rule)
        if not self.stream or key in self._told or self._shown[finding.rule] >= text.SHOWN:
            return
        self._shown[finding.rule] += 1
        self._told.add(key)
        self.progress.close()
        click.echo(text.line(finding))

    def close(self, result: Result) -> None:
        """Print what is left to say."""
        if not self.stream:
            return
        for finding in result.findings:
            self(finding)
        for line in (*text.more(result), *text.closing(result)):
            click.echo(line)


def _summarise(path: Path, result: Result) -> None:
    whole = formatted("markdown", result).encode()
    with path.open("ab") as file:
        file.write(whole if len(whole) < SUMMARY_BYTES else f"{result.headline}\n".encode())
