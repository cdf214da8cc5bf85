"""Runs over inputs elsewhere have the files of runs over inputs here."""

import gzip
import json
from typing import Any

import pytest
import zstandard

from checks import PLAN, crash, files_of, go, rows, tear
from curate import corpora
from curate.cli import main
from curate.errors import OutageError, ResumeError
from curate.io.remote import ranges, retrying
from remote_runs import place
from remote_store import put, web

ROWS = b"".join([*rows(120, r3="bad", r9="late"), *rows(5), b"{\n", b"\n"])
FORMS = {
    "c.jsonl": ROWS,
    "c.jsonl.gz": gzip.compress(ROWS),
    "c.jsonl.zst": zstandard.compress(ROWS),
    "c.json": b"[" + b"".join(rows(50, r3="bad")).strip().replace(b"\n", b",\n") + b"]",
}


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    pytest.importorskip("aiohttp")
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)


def said(out, name: str) -> dict[str, Any]:
    """Return the files of a run, with another word for the name of its input."""
    found = files_of(out)
    facts = json.loads(found.pop("run.json").replace(name.encode(), b"INPUT"))
    del facts["outputs"]["ledger.jsonl"]  # its size and hash, which the name is part of
    return {file: data.replace(name.encode(), b"INPUT") for file, data in found.items()} | facts


@pytest.mark.parametrize("executor", ["threads", "processes"])
@pytest.mark.parametrize("name", FORMS)
def test_a_run_over_an_object_is_the_run_over_the_file(tmp_path, name, executor):
    corpus = tmp_path / name
    corpus.write_bytes(FORMS[name])
    url = put(f"{place()}/{name}", FORMS[name])
    go(PLAN, [corpus], tmp_path / "here", lines=10)
    go(PLAN, [url], tmp_path / "there", lines=10, executor=executor, workers=2)
    assert said(tmp_path / "there", url) == said(tmp_path / "here", str(corpus))


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_run_goes_on_after_a_crash(tmp_path, at):
    url = put(f"{place()}/c.jsonl", ROWS)
    go(PLAN, [url], tmp_path / "whole", lines=10)
    crash([url], tmp_path / "torn", 10, at, 0.0)
    tear(tmp_path / "torn", b"garbage")
    go(PLAN, [url], tmp_path / "torn", lines=10)
    assert files_of(tmp_path / "torn") == files_of(tmp_path / "whole")


def test_a_run_refuses_to_go_on_over_another_object(tmp_path):
    url = put(f"{place()}/c.jsonl", ROWS)
    crash([url], tmp_path / "out", 10, 4, 0.0)
    put(url, b"".join(rows(120, r2="bad")))
    with pytest.raises(ResumeError, match="changed"):
        go(PLAN, [url], tmp_path / "out", lines=10)


def test_an_outage_stops_a_run_that_goes_on_with_a_url_signed_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "BLOCK", 4096)
    with web({"/c.jsonl": b"".join(rows(6000, r3="bad"))}, ranged=True) as (server, faults):
        url = f"{server}/c.jsonl"
        go(PLAN, [url], tmp_path / "whole", lines=500)
        faults.requests, faults.going = 0, 3
        with pytest.raises(OutageError, match="5 tries"):
            go(PLAN, [f"{url}?X-Amz-Signature=5ec4e7"], tmp_path / "out", lines=500)
        assert json.loads((tmp_path / "out" / "state.json").read_bytes())["segments"]
        faults.going = None
        go(PLAN, [f"{url}?X-Amz-Signature=5ec4e8"], tmp_path / "out", lines=500)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")


def test_no_secret_of_a_url_reaches_a_file_or_a_message(tmp_path, capfd):
    plan = tmp_path / "plan.yaml"
    plan.write_text("version: 1\nsteps: [{use: roles, do: flag}]", "utf-8")
    with web({"/c.jsonl": ROWS}, ranged=True) as (url, _):
        signed = f"{url}/c.jsonl?X-Amz-Credential=5ec4e7&X-Amz-Signature=5ec4e7"
        for arguments in (
            ["run", str(plan), signed, "--out", str(tmp_path / "out")],
            ["run", str(plan), signed, "--dry-run", "--json"],
            ["stats", signed],
            ["init", signed],
            ["export", signed, "--to", str(tmp_path / "rows.jsonl")],
        ):
            assert main(arguments) == 0
            assert "5ec4e7" not in "".join(capfd.readouterr())
        unnamed = ["index", "build", signed, "--out", str(tmp_path / "clean.index")]
        assert main(unnamed) == 2  # no row says who wrote it
        assert "5ec4e7" not in "".join(capfd.readouterr())
    for data in files_of(tmp_path / "out").values():
        assert b"5ec4e7" not in data


def test_an_object_is_identified_by_what_it_says():
    there = place()
    one, same = put(f"{there}/a.jsonl", ROWS), put(f"{there}/b.jsonl.gz", gzip.compress(ROWS))
    first, second = corpora.reader([one, same]).sources
    assert corpora.identity(first) == corpora.identity(second)
    put(one, ROWS + rows(1)[0])
    assert corpora.identity(first) != corpora.identity(second)
