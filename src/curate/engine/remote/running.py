"""A run whose directory is on an object store.

It is a run in a folder of this machine that is thrown away: what counts is on the store, and any
machine goes on from there.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from curate.api import Context
from curate.engine.one_pass import Options, Progress
from curate.engine.remote.checkpoints import FOLDER
from curate.engine.remote.fetching import fetch
from curate.engine.remote.mirror import Mirror, Pace
from curate.engine.remote.store import Store
from curate.engine.run import run
from curate.engine.rundir import RunDir
from curate.errors import CurateError, UsageError, retold
from curate.io.remote.urls import is_url
from curate.io.sources import STDIN, Source
from curate.ledger import Layout
from curate.registry import Resolved


def run_away(
    resolved: Resolved,
    sources: Sequence[Source],
    url: str,
    options: Options,
    ctx: Context,
    progress: Progress = lambda _books, _fraction: None,
    pace: Pace = Pace(),  # noqa: B008  (it is frozen)
) -> dict[str, Any]:
    """Run a plan over the sources into the run directory at `url`; see `curate.engine.run.run`.

    Raises:
        OutageError: the store stays away; what was sent last can be resumed.
        ResumeError: the place belongs to another run, or another run is writing there.
        LedgerError: what was sent is damaged.
    """
    store = Store(url)
    _refuse_own_objects(store, sources)
    with TemporaryDirectory(prefix="curate-") as name, _told_as(store.url, name):
        folder = Path(name)
        last = fetch(store, folder, secrets.token_hex(8), fresh=options.fresh)

        def directory(
            path: Path, journals: list[int], state: Mapping[str, Any] | None, layout: Layout
        ) -> RunDir:
            assert last is not None  # noqa: S101  (else there is a `run.json`)
            return Mirror(path, journals, state, layout, store, last, pace)

        here = replace(options, fresh=False)
        facts = run(resolved, sources, folder, here, ctx, progress, directory)
        store.delete_folder(FOLDER)
        return facts


def _refuse_own_objects(store: Store, sources: Sequence[Source]) -> None:
    """Refuse inputs that lie in the run directory, where the run writes and deletes.

    Raises:
        UsageError: one does.
    """
    for source in sources:
        if source.name == STDIN:
            continue
        url = source.name if is_url(source.name) else Path(source.name).resolve().as_uri()
        if store.holds(url):
            raise UsageError(
                f"{source.name} lies in the run directory {store.url}: choose another --out"
            )


@contextmanager
def _told_as(url: str, folder: str) -> Iterator[None]:
    """Let errors speak of the place that the user named, not of the folder on the way there."""
    try:
        yield
    except CurateError as error:
        raise retold(error, str(error).replace(folder, url)) from error.__cause__
