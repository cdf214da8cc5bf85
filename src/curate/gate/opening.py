"""What the targets of a gate are: corpora, run directories, saved audit reports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from curate.gate.audits import Report, report_at
from curate.gate.run_reading import is_run
from curate.io import sources
from curate.io.remote.paths import RemotePath, path_at
from curate.io.remote.urls import is_url, is_web
from curate.io.sources import Source, Wanted
from curate.io.tables.hub import SCHEME
from curate.io.twice import Identity, on_disk, refuse_twice


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
        targets: Files, globs and so on as `curate run` takes them, run directories, reports; URLs
            of each, but no run directory of a web server.
        format: How rows of corpora are laid out.
        stdin: Saves standard input and says where.
        offline: Refuse what is read over the network.

    Raises:
        InputError: one is missing, cannot be read, is named twice, or is of no kind that a gate
            judges.
        OutageError: a store stays away.
    """
    runs: list[Path | RemotePath] = []
    reports: list[Report] = []
    rest: list[str] = []
    for target in targets:
        if offline and is_url(target):
            rest.append(target)  # which is refused below
        elif run := _run_at(target):
            runs.append(run)
        elif not target.startswith(SCHEME) and (report := report_at(target)):
            reports.append(report)
        else:
            rest.append(target)
    refuse_twice(((_identity(run), str(run)) for run in runs), "run", "counted")
    found = sources.expand(rest, format, stdin, offline=offline) if rest else []
    return Opened(tuple(found), tuple(cast("list[Path]", runs)), tuple(reports))


def _run_at(target: str) -> Path | RemotePath | None:
    """Return the run directory that a target names, on a store too; None: it names none."""
    if is_web(target) or target.startswith(SCHEME):  # no run writes there
        return None
    place = path_at(target) if is_url(target) else Path(target)
    return place if is_run(cast("Path", place)) else None


def _identity(run: Path | RemotePath) -> Identity:
    return run.identity if isinstance(run, RemotePath) else on_disk(run)
