"""A run on a store is the same run, whatever breaks at whichever call."""

import json
from pathlib import Path

import pytest

from checks import PLAN, Stop, files_of, go
from curate.engine.remote.store import Store
from curate.errors import OutageError
from curate.ledger import Layout
from remote_runs import Breaking, away, corpus_of, objects, place

LAYOUTS = [Layout(), Layout(700), Layout(700, "zst")]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return corpus_of(tmp_path)


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
