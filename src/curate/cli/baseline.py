"""`curate baseline`: accept what a gate finds today, in a file to be reviewed."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from curate.cli.gating import gating, requested
from curate.cli.here import HERE
from curate.cli.progress import Progress
from curate.errors import CurateError, UsageError
from curate.gate import baseline as baselines
from curate.gate.baseline import Accepted, Baseline
from curate.gate.formats.text import safe
from curate.gate.gating import gate


@click.command(
    "baseline", epilog="Example: curate baseline corpus.jsonl --plan plan.yaml --output known.json"
)
@gating
@click.option("--output", type=HERE, required=True, help="The baseline to write.")
@click.option("--update", is_flag=True, help="Replace a baseline; what is added is printed.")
def command(output: Path, update: bool, **options: Any) -> None:
    """Accept what makes a gate over TARGETs fail, so that only new findings do.

    A finding is known by its row's bytes, its step and reason: rows may move, and a row that is
    there more often than it was accepted is new.
    """
    progress = Progress()
    with requested(options, output, accepting=True) as request, closing(progress):
        old = _old(output, update=update)
        gated = gate(request, progress=progress)
    result, new = gated.result, gated.accepted
    if result.incomplete:
        raise CurateError(f"not everything could be judged: {'; '.join(result.incomplete)}")
    for each in new.added(old) if update else ():
        click.echo(_told("added", each))
    gone = old.added(new)
    for each in gone:
        click.echo(_told("removed", each))
    output.write_text(new.dump(), encoding="utf-8")
    rows, before = _rows(new.entries()), _rows(old.entries())
    more = f", {before:,} before" if update else ""
    click.echo(
        f"accepted: {rows:,} finding{'s' * (rows != 1)}{more}; written to {safe(str(output))}"
    )
    for rule in result.rules:
        if rule.state == "failed" and not rule.count:
            click.echo(safe(f"no row can be accepted for it: {rule.rule}: {rule.told}"))


def _old(output: Path, *, update: bool) -> Baseline:
    """Return the baseline that is there.

    Raises:
        UsageError: there is one, and nobody said that it may be replaced.
    """
    if not output.exists():
        return Baseline()
    if not update:
        raise UsageError(f"{output} exists; --update replaces it, and prints what is added")
    return baselines.load(output)


def _told(what: str, each: Accepted) -> str:
    times = f" ({each.count:,} rows)" if each.count > 1 else ""
    return safe(f"{what}: {each.file}  {each.step}: {each.reason}  {each.fingerprint}{times}")


def _rows(entries: Sequence[Accepted]) -> int:
    return sum(each.count for each in entries)
