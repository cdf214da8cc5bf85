"""Runs on a store in memory, in small segments with a checkpoint after each, that can be broken."""

from itertools import count
from pathlib import Path
from typing import Any

import fsspec

from checks import PLAN, rows, write
from curate.api import Context
from curate.engine.one_pass import Options
from curate.engine.remote.mirror import Pace
from curate.engine.remote.running import run_away
from curate.io import sources
from fakes import resolve

ALWAYS = Pace(0.0, 1)
_PLACES = count()


def place() -> str:
    """Return a URL where nothing is."""
    return f"memory://bucket/{next(_PLACES)}"


def corpus_of(folder: Path) -> Path:
    """Write a corpus with repeats, a broken line and a blank one."""
    return write(folder / "c.jsonl", *rows(22, r3="bad", r9="late"), *rows(5), b"{\n", b"\n")


def away(corpus: Path, url: str, plan: str = PLAN, **options: Any) -> dict[str, Any]:
    """Run in small segments, with a checkpoint after each."""
    options = {"executor": "threads", "lines": 10, "commit_every": 0.0} | options
    found = sources.expand([str(corpus)])
    return run_away(resolve(plan), found, url, Options(**options), Context(), pace=ALWAYS)


def objects(url: str) -> dict[str, bytes]:
    """Return every object under a URL, by its name there."""
    fs, root = fsspec.url_to_fs(url)
    fs.invalidate_cache()
    return {path[len(root) + 1 :]: fs.cat_file(path) for path in fs.find(root)}


class Breaking:
    """Makes the k-th call of a store fail, before or after it was done, and all that follow."""

    def __init__(self, at: int, *, done: bool, error: BaseException) -> None:
        self.calls, self.at, self.done, self.error = 0, at, done, error

    def __call__(self, _where: str, call: Any) -> Any:
        self.calls += 1
        if self.calls < self.at:
            return call()
        if self.calls == self.at and self.done:
            call()
        raise self.error
