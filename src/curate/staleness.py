"""Is a filtered file still what its plan keeps of its corpora?

Equal runs give equal bytes, so the answer is a comparison. A finished run that knows the plan, the
plugins, every file they read and the hashes of the corpora says what would be kept without judging
anything again; where there is none, or it is another's, the plan is run into a temporary folder.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from curate.api import Context
from curate.engine.resume import Identity, finished
from curate.engine.run import Options, Progress, run
from curate.errors import InputError, ResumeError
from curate.io.reading import Reader
from curate.io.sources import Source
from curate.ledger import ROWS
from curate.registry import Resolved

_KEPT = ROWS["kept"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and how."""

    file: str
    ran: bool
    """Whether the plan was run again; else a finished run said what it keeps."""
    rows: int
    """How many rows the plan keeps."""
    line: int | None
    """The first line of the file that is not what the plan keeps; 0 where only hashes are known."""
    over_budget: tuple[str, ...] = ()
    """What failed on too many rows, as in `run.json`: such a run keeps what nobody should use."""

    @property
    def stale(self) -> bool:
        """Say whether the file is not what the plan keeps."""
        return self.line is not None

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"stale": self.stale}


def compare(
    resolved: Resolved,
    sources: Sequence[Source],
    file: Path,
    recorded: Path | None,
    options: Options,
    ctx: Context,
    progress: Progress = lambda _books, _fraction: None,
) -> Comparison:
    """Hold a file against what a plan keeps of corpora.

    Args:
        resolved: The plan with the plugins that are installed now.
        sources: The corpora.
        file: The filtered file, as a run writes it: plain, a row a line.
        recorded: A run directory (its `run.json` is enough) that may save the work.
        options: How to run, if need be.
        ctx: What plugins are opened with, if need be.
        progress: Called as a run goes on.

    Raises:
        InputError: the file or a corpus is missing.
        PluginError, OutageError: a step failed.
    """
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    facts = recorded and _recorded(
        recorded, Identity(resolved, sources, None, *_cut(options)), sources
    )
    if facts:  # of a run whose outputs are plain files: the layout is part of its identity
        told = facts["outputs"][_KEPT]
        line = None if told["sha256"] == _sha256(file) else 0
        over = tuple(facts["over_budget"])
        return Comparison(str(file), ran=False, rows=told["lines"], line=line, over_budget=over)
    with TemporaryDirectory() as folder:
        facts = run(resolved, sources, Path(folder, "run"), options, ctx, progress)
        line = _first_difference(file, Path(folder, "run", _KEPT))
    rows, over = facts["outputs"][_KEPT]["lines"], tuple(facts["over_budget"])
    return Comparison(str(file), ran=True, rows=rows, line=line, over_budget=over)


def _cut(options: Options) -> tuple[int, int]:
    return options.lines, options.bytes


def _recorded(path: Path, identity: Identity, sources: Sequence[Source]) -> dict[str, Any] | None:
    """Return what a finished run says, if it is this very one."""
    try:
        return finished(path, identity, Reader(sources), fresh=False)
    except ResumeError:  # of another plan, plugin or corpus: it cannot tell
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_difference(one: Path, other: Path) -> int | None:
    """Return the number of the first line that differs; None where all are the same."""
    with one.open("rb") as left, other.open("rb") as right:
        pairs = enumerate(zip_longest(left, right), 1)
        return next((number for number, (mine, its) in pairs if mine != its), None)
