"""A run on a store is the same run, whatever breaks at whichever call."""

import json
from pathlib import Path
from typing import Any

import fsspec
import pytest

from checks import PLAN, Stop, files_of, go, rows, write
from curate.api import Context
from curate.engine.one_pass import Options
from curate.engine.remote import running
from curate.engine.remote.mirror import Pace
from curate.engine.remote.store import Store
from curate.errors import OutageError
from curate.io import sources
from curate.ledger import Layout
from fakes import resolve

ALWAYS = Pace(0.0, 1)
LAYOUTS = [Layout(), Layout(700), Layout(700, "zst")]
PLACES = iter(range(1_000_000))


def place() -> str:
    return f"memory://bucket/{next(PLACES)}"


def away(corpus: Path, url: str, **options: Any) -> dict[str, Any]:
    """Run in small segments, with a checkpoint after each."""
    pace = options.pop("pace", ALWAYS)
    plan = options.pop("plan", PLAN)
    options = {"executor": "threads", "lines": 10, "commit_every": 0.0} | options
    found = sources.expand([str(corpus)])
    return running.run_away(resolve(plan), found, url, Options(**options), Context(), pace=pace)


def objects(url: str) -> dict[str, bytes]:
    """Return every object under a URL, by its name there."""
    fs, root = fsspec.core.url_to_fs(url)
    return {path[len(root) + 1 :]: fs.cat_file(path) for path in fs.find(root)}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write(tmp_path / "c.jsonl", *rows(22, r3="bad", r9="late"), *rows(5), b"{\n", b"\n")


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


def calls_of(corpus: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> int:
    counting = Breaking(10**9, done=False, error=Stop())
    monkeypatch.setattr("curate.engine.remote.store.retried", counting)
    away(corpus, place(), layout=layout)
    monkeypatch.undo()
    return counting.calls


@pytest.mark.parametrize("layout", LAYOUTS, ids=["plain", "sharded", "compressed"])
@pytest.mark.parametrize("error", [Stop(), OutageError("gone")], ids=["killed", "outage"])
def test_whichever_call_breaks_the_next_run_gives_the_same_files(
    corpus: Path, tmp_path: Path, layout: Layout, error: BaseException,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    go(PLAN, [corpus], tmp_path / "local", lines=10, layout=layout)
    whole = files_of(tmp_path / "local")
    calls = calls_of(corpus, layout, monkeypatch)
    assert calls > 30
    for at in range(1, calls + 1):
        url = place()
        breaking = Breaking(at, done=bool(at % 2), error=error)
        with monkeypatch.context() as patched:
            patched.setattr("curate.engine.remote.store.retried", breaking)
            with pytest.raises(type(error)):
                away(corpus, url, layout=layout)
        left = objects(url)
        if "run.json" in left:
            assert {name: left.get(name) for name in whole} == whole
        away(corpus, url, layout=layout)
        assert objects(url) == whole, f"call {at}"


def test_a_finished_run_is_left_alone(corpus: Path) -> None:
    url = place()
    first = away(corpus, url)
    before = objects(url)
    assert away(corpus, url) == first == json.loads(before["run.json"])
    assert objects(url) == before
    assert Store(url).names() == sorted(before)
