"""Inputs on a real S3 server of this machine, which breaks; needs moto[server] and s3fs."""

import json

import pytest

from checks import PLAN, crash, files_of, go, rows, tear
from curate.cli import main
from curate.errors import InputError, OutageError, ResumeError, UsageError
from curate.io.reading import Reader
from curate.io.remote import ranges, retrying
from curate.io.sources import expand
from remote_store import SECRET, bucket, put, s3

pytestmark = pytest.mark.slow

ROWS = b"".join(rows(3000, r3="bad", r9="late"))


@pytest.fixture(scope="module")
def server():
    with s3() as faults:
        yield faults


@pytest.fixture
def faults(server, monkeypatch):
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(ranges, "BLOCK", 64 << 10)
    server.mend()
    yield server
    server.mend()


def read(*arguments: str) -> bytes:
    reader = Reader(expand(arguments), block=64 << 10)
    return b"".join(segment.read() for segment in reader.segments())


def test_whatever_breaks_on_the_way_changes_no_byte(faults):
    url = put(f"{bucket()}/c.jsonl", ROWS)
    faults.every = 3
    assert read(url) == ROWS
    faults.every, faults.dropping = 0, 4
    assert read(url) == ROWS
    faults.failing, faults.status = 4, 503
    assert read(url) == ROWS


def test_a_run_killed_by_an_outage_goes_on_when_the_store_is_back(faults, tmp_path):
    urls = [
        put(f"{bucket()}/{name}.jsonl", ROWS[: len(ROWS) // n]) for n, name in ((1, "a"), (2, "b"))
    ]
    go(PLAN, urls, tmp_path / "whole", lines=500)
    for going in (2, 6, 9):
        faults.requests, faults.going = 0, going
        with pytest.raises(OutageError, match=r"s3://.*\(5 tries\); when the store is back"):
            go(PLAN, urls, tmp_path / "out", lines=500)
    faults.going = None
    go(PLAN, urls, tmp_path / "out", lines=500)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_an_object_that_is_replaced_is_refused(faults, tmp_path):
    url = put(f"{bucket()}/c.jsonl", ROWS)
    crash([url], tmp_path / "out", 500, 3, 0.0)
    tear(tmp_path / "out", b"garbage")
    put(url, ROWS.replace(b"r1", b"r2"))
    with pytest.raises(ResumeError):
        go(PLAN, [url], tmp_path / "out", lines=500)
    segments = Reader(expand([url]), lines=100, block=4096).segments()
    next(segments)
    put(url, ROWS)
    with pytest.raises(InputError, match="changed while it was read"):
        list(segments)


def test_what_is_not_there_is_told_with_what_is(faults):
    there = bucket()
    put(f"{there}/train.jsonl", ROWS)
    for wanted, told in (
        (f"{there}/trian.jsonl", r"no such object; did you mean 'train\.jsonl'"),
        (f"{there}/*.parquet", "no object has such a name"),
        ("s3://nobody-made-this/c.jsonl", "no such object"),
        (there, "is a folder"),
    ):
        with pytest.raises(InputError, match=told):
            expand([wanted])


def test_who_may_not_read_is_told_where_credentials_are_looked_for(faults):
    url = put(f"{bucket()}/c.jsonl", ROWS)
    faults.failing, faults.status = 1, 403
    with pytest.raises(UsageError, match=r"access denied .*AWS_ACCESS_KEY_ID") as caught:
        expand([url])
    assert SECRET not in str(caught.value)


def test_commands_read_objects(faults, tmp_path, capfd):
    url = put(f"{bucket()}/c.jsonl", ROWS)
    plan, out = tmp_path / "plan.yaml", tmp_path / "out"
    plan.write_text("version: 1\nsteps: [{use: roles, do: flag}]", "utf-8")
    for arguments in (
        ["stats", url],
        ["init", url, "--out", str(tmp_path / "first.yaml")],
        ["run", str(plan), url, "--out", str(out), "--workers", "2"],
        ["verify", str(out)],
        ["export", url, "--to", str(tmp_path / "rows.jsonl")],
    ):
        assert main(arguments) == 0, arguments
        assert SECRET not in "".join(capfd.readouterr())
    assert (out / "kept.jsonl").read_bytes() == ROWS
    assert json.loads((out / "run.json").read_bytes())["inputs"][0]["name"] == url
    assert (tmp_path / "rows.jsonl").read_bytes() == ROWS
