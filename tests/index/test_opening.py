"""A corpus where an index is expected: built once, and the same as one that was built before."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from curate.api import Context
from curate.errors import InputError
from curate.index import opening
from curate.index.keys import keys
from curate.index.lookup import Index
from curate.index.opening import FOLDER, identity, opened
from rollout_rows import built, record, row, write

ROWS = [row(f"Question {n}?", f"Answer {n}", "a") for n in range(20)]
KEYS = [each.normalised for some in ROWS if (each := keys(record(some)))]


def found(path: Path, ctx: Context):
    with opened(path, ctx) as index:
        index.check()
        return index.facts.content, index.find(KEYS)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write(tmp_path / "c.jsonl", ROWS)


def test_is_the_same_with_a_cache_without_and_built_before(corpus: Path, tmp_path: Path):
    built(tmp_path / "i", corpus)
    before = found(tmp_path / "i", Context())
    assert len(before[1]) == 20
    assert found(corpus, Context()) == before
    assert found(corpus, Context(cache=tmp_path / "cache")) == before
    assert found(corpus, Context(cache=tmp_path / "cache")) == before


def test_is_built_once_by_all_who_want_it(corpus: Path, tmp_path: Path, monkeypatch):
    times = []

    def counted(*args, **options):
        times.append(args)
        return build(*args, **options)

    build = opening.build
    monkeypatch.setattr(opening, "build", counted)
    ctx = Context(cache=tmp_path / "cache")
    with ThreadPoolExecutor(8) as pool:
        first, *rest = pool.map(lambda _: found(corpus, ctx), range(8))
    assert rest == [first] * 7
    assert len(times) == 1
    assert {path.suffix for path in (tmp_path / "cache" / FOLDER).iterdir()} == {".index", ".lock"}


def test_a_changed_corpus_is_indexed_again(corpus: Path, tmp_path: Path):
    ctx = Context(cache=tmp_path / "cache")
    before = found(corpus, ctx)
    write(corpus, ROWS[:10])
    assert found(corpus, ctx) != before
    write(corpus, ROWS)
    assert found(corpus, ctx) == before


def test_a_cache_that_cannot_be_written_is_no_hindrance(corpus: Path, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert len(found(corpus, Context(cache=tmp_path / "file"))[1]) == 20


def test_identity_is_that_of_the_content_or_of_the_bytes(corpus: Path, tmp_path: Path):
    built(tmp_path / "1", corpus)
    built(tmp_path / "2", corpus)
    assert identity(tmp_path / "1") == identity(tmp_path / "2")
    before = identity(corpus)
    write(corpus, ROWS[:10])
    assert identity(corpus) != before
    built(tmp_path / "2", corpus)
    assert identity(tmp_path / "1") != identity(tmp_path / "2")


def test_identity_is_checked(corpus: Path, tmp_path: Path):
    built(tmp_path / "i", corpus)
    data = (tmp_path / "i").read_bytes()
    (tmp_path / "i").write_bytes(data.replace(b"Answer 7", b"Answer 8"))
    with pytest.raises(InputError, match="damaged"):
        identity(tmp_path / "i")


@pytest.mark.parametrize("ask", [lambda path: found(path, Context()), identity], ids=["open", "id"])
def test_what_is_not_there_is_named(tmp_path: Path, ask):
    (tmp_path / "clean.index").touch()
    with pytest.raises(InputError, match=r"no such file; did you mean 'clean\.index'"):
        ask(tmp_path / "claen.index")
    with pytest.raises(InputError, match="is a folder"):
        ask(tmp_path)


def test_rubbish_is_no_corpus_either(tmp_path: Path):
    (tmp_path / "i").write_bytes(b"\xff\xfe" * 100)
    with pytest.raises(InputError, match="i: "):
        found(tmp_path / "i", Context())


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Answer 7", b"Answer 8"))


@pytest.mark.parametrize(
    "harm",
    [damage, lambda path: path.write_bytes(b"rubbish"), lambda path: path.write_bytes(b"")],
    ids=["another text", "rubbish", "empty"],
)
def test_a_damaged_index_in_the_cache_is_built_again(corpus: Path, tmp_path: Path, harm):
    ctx = Context(cache=tmp_path / "cache")
    before = found(corpus, ctx)
    (made,) = (tmp_path / "cache" / FOLDER).glob("*.index")
    harm(made)
    assert found(corpus, ctx) == before
    with Index(made) as index:
        index.check()


def test_a_cached_index_and_its_corpus_are_read_once(corpus: Path, tmp_path: Path, monkeypatch):
    ctx = Context(cache=tmp_path / "cache")
    found(corpus, ctx)
    checks, reads = [], []
    check, digest = Index.check, hashlib.file_digest
    monkeypatch.setattr(Index, "check", lambda self: (checks.append(self.path), check(self))[1])
    monkeypatch.setattr(
        hashlib, "file_digest", lambda file, how: (reads.append(file.name), digest(file, how))[1]
    )
    for _ in range(3):
        with opened(corpus, ctx) as index:
            assert len(index.find(KEYS)) == 20
    assert (len(checks), reads) == (1, [])
    write(corpus, ROWS[:10])
    identity(corpus)
    identity(corpus)
    assert len(reads) == 1
