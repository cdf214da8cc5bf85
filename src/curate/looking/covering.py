"""How much of what the steps of a run hit an index could answer."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from curate import ledger
from curate.index.coverage import Coverage, coverage
from curate.index.lookup import Index
from curate.looking.choosing import check_step
from curate.looking.lines import lines
from curate.looking.views import Views
from curate.records import Record


def of_run(index: Index, run: Path, step: str | None = None) -> dict[str, Coverage]:
    """Return what an index has for the hits of each step, or of one step alone.

    Raises:
        InputError: it is no run directory, or the run is not finished.
        UsageError: the run has no such step.
    """
    facts = ledger.summary(run)
    if step is not None:
        check_step(facts, step)
    steps = [each["name"] for each in facts["steps"]] if step is None else [step]
    return coverage(index, hits(run, facts, steps), steps)


def hits(
    run: Path, facts: Mapping[str, Any], steps: Sequence[str]
) -> Iterator[tuple[Record, list[str]]]:
    """Yield the records that steps of a run hit, as they were read, each with those steps.

    Raises:
        LedgerError: a file of the run is missing or damaged.
    """
    views = Views(facts)
    for line in lines(run):
        hit = [look.step for look in line.entry.trail if look.hit and look.step in steps]
        if hit:
            raw = (line.before or line.row).removesuffix(b"\n").removesuffix(b"\r")
            yield Record(raw, line.entry.line, line.entry.file, views.of(line)), hit
