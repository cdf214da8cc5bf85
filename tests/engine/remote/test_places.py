"""What is on a store when a run begins: its own, another's, damaged, or nobody's."""

from pathlib import Path
from typing import Any

import fsspec
import pytest

from checks import PLAN, Stop
from curate.api import Context
from curate.engine.one_pass import Options
from curate.engine.remote import running
from curate.engine.remote.checkpoints import Checkpoint, Chunk, decode
from curate.engine.remote.store import Store
from curate.errors import LedgerError, ResumeError, UsageError
from curate.io import sources
from curate.ledger import Layout
from fakes import First, resolve
from remote_runs import ALWAYS, Breaking, away, corpus_of, objects, place


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return corpus_of(tmp_path)


def begun(corpus: Path, monkeypatch: pytest.MonkeyPatch, calls: int = 22, **options: Any) -> str:
    """Return where a run was killed at one of its calls."""
    url = place()
    with monkeypatch.context() as patched:
        breaking = Breaking(calls, done=True, error=Stop())
        patched.setattr("curate.engine.remote.store.retried", breaking)
        with pytest.raises(Stop):
            away(corpus, url, **options)
    return url


def put(url: str, name: str, data: bytes) -> None:
    fs, root = fsspec.url_to_fs(url)
    fs.pipe_file(f"{root}/{name}", data)


def delete(url: str, name: str) -> None:
    fs, root = fsspec.url_to_fs(url)
    fs.rm_file(f"{root}/{name}")


def states_at(url: str) -> list[str]:
    return sorted(name for name in objects(url) if name.startswith(".checkpoint/state-"))


@pytest.mark.parametrize("cut", [0, 10, 70, -1], ids=["empty", "hash", "content", "end"])
def test_a_torn_state_does_not_count(
    corpus: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(corpus, whole := place())
    url = begun(corpus, monkeypatch)
    last = states_at(url)[-1]
    put(url, last, objects(url)[last][:cut])
    away(corpus, url)
    assert objects(url) == objects(whole)


def test_where_every_state_is_damaged_a_run_says_so(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begun(corpus, monkeypatch)
    for name in states_at(url):
        put(url, name, b"{}")
    with pytest.raises(LedgerError, match="every state is damaged; start over with --fresh"):
        away(corpus, url)
    away(corpus, url, fresh=True)


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "damaged"])
def test_a_chunk_that_is_lost_or_damaged_is_named(
    corpus: Path, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begun(corpus, monkeypatch)
    name = next(name for name in objects(url) if "kept.jsonl/0-" in name)
    if lost:
        delete(url, name)
    else:
        put(url, name, b"other")
    how = "is not there any more" if lost else "is damaged"
    with pytest.raises(LedgerError, match=rf"{name}: was sent, and {how}"):
        away(corpus, url)


def test_a_shard_that_is_lost_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = begun(corpus, monkeypatch, calls=32, layout=Layout(700))
    delete(url, "kept-00000.jsonl")
    with pytest.raises(LedgerError, match=r"kept-00000\.jsonl: was sent, and is not there"):
        away(corpus, url, layout=Layout(700))


def test_of_two_runs_that_write_to_one_place_one_stops(corpus: Path) -> None:
    url = place()
    away(corpus, whole := place())

    def start_the_other(_books: object, _fraction: object) -> None:
        if not states_at(url)[1:]:
            return
        away(corpus, url)

    found = sources.expand([str(corpus)])
    options = Options("threads", lines=10, commit_every=0.0)
    with pytest.raises(ResumeError, match="another `curate run` is writing here"):
        running.run_away(
            resolve(PLAN), found, url, options, Context(), start_the_other, ALWAYS
        )  # fmt: skip
    away(corpus, url)
    assert objects(url) == objects(whole)


def test_a_number_is_given_once(corpus: Path) -> None:
    store = Store(place())
    mine, other = Checkpoint(1, "me"), Checkpoint(1, "you")
    assert store.create(mine.name, mine.encode())
    assert store.create(mine.name, mine.encode())  # the answer was lost, and it is asked again
    assert not store.create(other.name, other.encode())
    assert store.read(mine.name) == mine.encode()


def test_another_plan_is_refused_by_the_url(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = begun(corpus, monkeypatch)
    before = objects(url)
    with pytest.raises(ResumeError, match=f"{url} belongs to another run"):
        away(corpus, url, plan="steps: [{use: word, do: flag}]")
    assert objects(url) == before


def test_files_no_run_wrote_are_not_overwritten(corpus: Path) -> None:
    url = place()
    put(url, "kept.jsonl", b"precious\n")
    for fresh in (False, True):
        with pytest.raises(ResumeError, match=r"kept\.jsonl exists, and no run wrote it"):
            away(corpus, url, fresh=fresh)
    assert objects(url) == {"kept.jsonl": b"precious\n"}


def test_starting_over_deletes_what_a_run_wrote_and_nothing_else(corpus: Path) -> None:
    url = place()
    away(corpus, url, layout=Layout(700, "gz"))
    for name in ("notes.txt", "kept.jsonl.bak", "more/kept.jsonl"):
        put(url, name, b"precious\n")
    away(corpus, url, fresh=True)
    away(corpus, whole := place())
    assert objects(url) == objects(whole) | dict.fromkeys(
        ("notes.txt", "kept.jsonl.bak", "more/kept.jsonl"), b"precious\n"
    )


def test_an_input_in_the_run_directory_is_refused(tmp_path: Path, corpus: Path) -> None:
    with pytest.raises(UsageError, match="lies in the run directory"):
        away(corpus, tmp_path.as_uri())


def test_a_checkpoint_is_read_back_as_it_was_written() -> None:
    one = Checkpoint(3, "me", {"segments": 2}, {"kept.jsonl": (Chunk(0, 9, "ab" * 32),)})
    assert decode(3, one.encode()) == one


def test_a_memory_has_no_folder_that_errors_would_call_the_store(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def memory(first: First, ctx: Context) -> Any:
        folders.append(ctx.scratch)
        return remembers(first, ctx)

    folders: list[Path | None] = []
    remembers = First.memory
    monkeypatch.setattr(First, "memory", memory)
    away(corpus, place())
    assert folders == [None]
