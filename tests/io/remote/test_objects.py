"""Objects read from web servers and from a store in memory; see test_s3.py for a real store."""

import gzip
import io
import random

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from checks import rows
from curate.errors import InputError, OutageError, UsageError
from curate.io.reading import Reader
from curate.io.remote import ranges, retrying
from curate.io.remote.ranges import Ranges
from curate.io.sources import expand
from remote_runs import place
from remote_store import put, web

ROWS = b"".join(rows(300))


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    pytest.importorskip("aiohttp")
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)


def read(*arguments: str, **options) -> bytes:
    reader = Reader(expand(arguments, **options))
    return b"".join(segment.read() for segment in reader.segments())


def files() -> dict[str, bytes]:
    """Return the same rows in every form that a file can have."""
    table, found = pa.Table.from_pylist([{"text": f"row {n}", "n": n} for n in range(300)]), {}
    for name, write in (("t.parquet", _parquet), ("f.arrow", _file), ("s.arrow", _stream)):
        found[f"/{name}"] = write(table)
    return found | {
        "/a.jsonl": ROWS,
        "/a.jsonl.gz": gzip.compress(ROWS),
        "/a.jsonl.zst": zstandard.compress(ROWS),
        "/a.json": b"[" + ROWS.strip().replace(b"\n", b",\n") + b"]",
        "/none.jsonl": b"",
    }


def _parquet(table):
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=90)
    return sink.getvalue()


def _file(table):
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table, max_chunksize=90)
    return sink.getvalue()


def _stream(table):
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table, max_chunksize=90)
    return sink.getvalue()


FILES = files()


@pytest.mark.parametrize("where", ["web", "web without ranges", "memory"])
def test_a_file_elsewhere_is_read_as_a_file_here(tmp_path, where):
    for name, data in FILES.items():
        (tmp_path / name[1:]).write_bytes(data)
    with web(FILES, ranged=where == "web") as (url, _):
        there = place() if where == "memory" else url
        for name, data in FILES.items():
            if where == "memory":
                put(there + name, data)
            here = Reader(expand([str(tmp_path / name[1:])]))
            away = Reader(expand([there + name]))
            assert [s.data for s in away.segments()] == [s.read() for s in here.segments()]
            (ours,), (theirs,) = here.files, away.files
            assert (theirs.sha256, theirs.lines, theirs.stored) == (
                ours.sha256, ours.lines, ours.stored,
            )  # fmt: skip
            assert here.tables == away.tables


@pytest.mark.parametrize("ranged", [True, False])
@pytest.mark.parametrize("fault", ["failing", "dropping"])
def test_a_server_that_falters_is_asked_again(ranged, fault):
    with web({"/a.jsonl": ROWS}, ranged=ranged) as (url, faults):
        for _ in range(3):
            setattr(faults, fault, retrying.TRIES - 1)
            assert read(f"{url}/a.jsonl") == ROWS


def test_a_server_that_fails_now_and_then_changes_nothing(monkeypatch):
    monkeypatch.setattr(ranges, "BLOCK", 2048)
    with web({"/a.jsonl": ROWS}, ranged=True) as (url, faults):
        faults.every = 3
        found = Reader(expand([f"{url}/a.jsonl"]), block=2048).segments()
        assert b"".join(segment.read() for segment in found) == ROWS
        assert faults.requests > len(ROWS) / 2048 * 1.4


def test_a_server_that_stays_away_is_an_outage():
    with web({"/a.jsonl": ROWS}, ranged=True) as (url, faults):
        faults.failing, faults.status = 100, 503
        with pytest.raises(OutageError, match=r"/a\.jsonl\?id=1: .*503.*\(5 tries\)") as caught:
            read(f"{url}/a.jsonl?id=1&sig=5ec4e7")
    assert "5ec4e7" not in str(caught.value)


def test_a_server_that_is_not_there_is_an_outage():
    with web({}, ranged=True) as (url, _):
        pass
    with pytest.raises(OutageError, match="Cannot connect"):
        read(f"{url}/a.jsonl")


def test_who_may_not_read_is_told_so_at_once():
    with web({"/a.jsonl": ROWS}, ranged=True) as (url, faults):
        faults.failing, faults.status = 100, 403
        with pytest.raises(UsageError, match="access denied") as caught:
            read(f"{url}/a.jsonl?X-Amz-Signature=5ec4e7")
        assert "5ec4e7" not in str(caught.value)
        assert faults.requests == 1


def test_a_file_that_is_not_there_is_no_outage():
    with web({}, ranged=True) as (url, faults):
        with pytest.raises(InputError, match=r"/a\.jsonl: the server has no such file"):
            read(f"{url}/a.jsonl")
        assert faults.requests == 1


@pytest.mark.parametrize("other", [ROWS[::-1], ROWS[: len(ROWS) // 2], ROWS + ROWS, None])
def test_a_file_that_changes_while_it_is_read_is_refused(monkeypatch, other):
    monkeypatch.setattr(ranges, "BLOCK", 4096)
    served = {"/a.jsonl": ROWS}
    with web(served, ranged=True) as (url, _):
        segments = Reader(expand([f"{url}/a.jsonl"]), lines=20, block=2048).segments()
        assert next(segments).read() == b"".join(rows(20))
        served["/a.jsonl"] = other
        with pytest.raises(InputError, match=r"changed while it was read|not there any more"):
            list(segments)


def test_a_glob_finds_objects_in_order_and_is_not_a_folder():
    there = place()
    for name in ("b.jsonl", "a.jsonl", "c.txt", "deep/d.jsonl"):
        put(f"{there}/{name}", ROWS)
    assert [s.name for s in expand([f"{there}/*.jsonl"])] == [
        f"{there}/a.jsonl",
        f"{there}/b.jsonl",
    ]
    assert len(expand([f"{there}/**/*.jsonl"])) == 3
    with pytest.raises(InputError, match="no object has such a name"):
        expand([f"{there}/*.parquet"])
    with pytest.raises(InputError, match=r"is a folder; name its files, as in '.*/deep/\*\.jsonl'"):
        expand([f"{there}/deep"])


def test_an_object_may_be_named_like_a_glob():
    url = put(f"{place()}/a[1].jsonl", ROWS)
    assert [source.name for source in expand([url])] == [url]


def test_names_that_are_close_are_told():
    there = place()
    put(f"{there}/train.jsonl", ROWS)
    with pytest.raises(InputError, match=r"no such object; did you mean 'train\.jsonl'"):
        expand([f"{there}/trian.jsonl"])


def test_an_object_is_not_read_twice():
    url = put(f"{place()}/a.jsonl", ROWS)
    with pytest.raises(InputError, match="is named twice"):
        expand([url, url])
    with pytest.raises(InputError, match="are the same file"):
        expand([url, url.replace("memory://", "memory:///")])
    with web({"/a.jsonl": ROWS}, ranged=True) as (server, _):
        with pytest.raises(InputError, match="is named twice") as caught:
            expand([f"{server}/a.jsonl?sig=5ec4e7", f"{server}/a.jsonl?sig=5ec4e8"])
        assert "5ec4e" not in str(caught.value)


def test_offline_refuses_before_anybody_is_asked():
    with web({"/a.jsonl": ROWS}, ranged=True) as (url, faults):
        with pytest.raises(UsageError, match="which --offline forbids") as caught:
            expand([f"{url}/a.jsonl?sig=5ec4e7"], offline=True)
        assert not faults.requests
        assert "5ec4e7" not in str(caught.value)


def test_a_protocol_that_nobody_speaks_is_told():
    with pytest.raises(UsageError, match="nothing here reads nowhere"):
        expand(["nowhere://a/b.jsonl"])


def test_a_protocol_that_wants_more_than_a_url_is_told():
    with pytest.raises(UsageError, match=r"nothing here reads github: .*GithubFileSystem"):
        expand(["github://a/b.jsonl"])


def test_a_server_that_is_asked_at_once_and_is_not_there_is_away():
    with pytest.raises(OutageError, match=r"b\.jsonl: Connection refused"):
        expand(["ftp://127.0.0.1:1/b.jsonl"])


def test_an_order_of_many_objects_is_kept():
    there = place()
    urls = [put(f"{there}/{n}.jsonl", ROWS[:n]) for n in random.Random(0).sample(range(99), 40)]
    assert [source.name for source in expand(urls)] == urls


@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 220), st.integers(0, 90))))
def test_ranges_are_the_bytes_of_the_object(data, reads):
    fs = fsspec.filesystem("memory")
    fs.pipe_file("/ranges-of-tests", data)
    with (
        pytest.MonkeyPatch.context() as patched,
        Ranges("memory://x", fs, "/ranges-of-tests", len(data)) as away,
    ):
        patched.setattr(ranges, "BLOCK", 40)
        here = io.BytesIO(data)
        for at, count in reads:
            assert away.seek(at) == here.seek(at)
            assert away.read(count) == here.read(count)
            assert away.read(7) == here.read(7)
            assert away.tell() == here.tell()
