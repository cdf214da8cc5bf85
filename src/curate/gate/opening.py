"""What the targets of a gate are: corpora, run directories, saved audit reports."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from curate.errors import InputError
from curate.gate import audits
from curate.gate.audits import Report
from curate.gate.run_reading import is_run
from curate.io import sources
from curate.io.sources import Source, Wanted


@dataclass(frozen=True, slots=True)
class Opened:
    """The targets by kind, each in the order they were given."""

    corpora: tuple[Source, ...]
    runs: tuple[Path, ...]
    reports: tuple[Report, ...]


def opened(
    targets: Sequence[str],
    format: Wanted,
    stdin: Callable[[], Path] | None = None,
    *,
    offline: bool = False,
) -> Opened:
    """Return what the targets are.

    Args:
        targets: Files, globs and so on as `curate run` takes them, run directories, reports.
        format: How rows of corpora are laid out.
        stdin: Saves standard input and says where.
        offline: Refuse what is read over the network.

    Raises:
        InputError: one is missing, cannot be read, is named twice, or is of no kind that a gate
            judges.
    """
    runs = [target for target in targets if is_run(Path(target))]
    _refuse_twice(runs)
    reports = [target for target in targets if audits.is_report(Path(target))]
    rest = [target for target in targets if target not in runs and target not in reports]
    found = sources.expand(rest, format, stdin, offline=offline) if rest else []
    return Opened(
        tuple(found),
        tuple(Path(run) for run in runs),
        tuple(audits.read(Path(report)) for report in reports),
    )


def _refuse_twice(runs: Sequence[str]) -> None:
    seen: dict[tuple[int, int], str] = {}
    for run in runs:
        facts = os.stat(run)
        identity = facts.st_dev, facts.st_ino
        if identity in seen:
            first = seen[identity]
            also = "is named twice" if first == run else f"and {first} are the same run"
            raise InputError(f"{run}: {also}; every row would be counted twice")
        seen[identity] = run
