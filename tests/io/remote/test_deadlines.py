"""A store that hangs or trickles is an outage in bounded time, never a run that stands still."""

import asyncio

import pytest
from fsspec.asyn import AsyncFileSystem
from fsspec.exceptions import FSTimeoutError

from checks import rows
from curate.errors import OutageError
from curate.io.reading import Reader
from curate.io.remote import deadlines, retrying
from curate.io.remote.deadlines import asked, within
from curate.io.sources import expand
from remote_store import web

ROWS = b"".join(rows(300))


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    pytest.importorskip("aiohttp")
    monkeypatch.setattr(retrying, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(retrying, "TRIES", 2)
    monkeypatch.setattr(deadlines, "ANSWER", 0.3)
    monkeypatch.setattr(deadlines, "SLOWEST", 1 << 20)


def read(*arguments: str) -> bytes:
    return b"".join(segment.read() for segment in Reader(expand(arguments)).segments())


@pytest.mark.parametrize("fault", ["hanging", "trickling"])
def test_a_server_that_gives_too_little_is_an_outage(fault):
    with web({"/a.jsonl": ROWS}, ranged=True) as (url, faults):
        setattr(faults, fault, 100)
        with pytest.raises(OutageError, match=r"no answer in time \(2 tries\)"):
            read(f"{url}/a.jsonl")


@pytest.mark.parametrize("fault", ["hanging", "trickling"])
@pytest.mark.parametrize("ranged", [True, False])
def test_one_that_gives_too_little_once_is_asked_again(fault, ranged):
    with web({"/a.jsonl": ROWS}, ranged=ranged) as (url, faults):
        setattr(faults, fault, 1)
        assert read(f"{url}/a.jsonl") == ROWS
        assert not getattr(faults, fault)


def test_more_bytes_have_more_time(monkeypatch):
    monkeypatch.undo()
    assert within() == 30.0
    assert within(8 << 20) == 30.0 + 64


def test_a_library_that_is_not_asynchronous_has_times_of_its_own():
    class Plain:
        async_impl = False

        def info(self, *arguments, **options):
            return arguments, options

    assert asked(Plain(), 0.0, "info", "a", detail=True) == (("a",), {"detail": True})


def test_a_library_whose_plain_method_takes_no_time_ends_in_time():
    class Stubborn(AsyncFileSystem):
        cachable = False

        async def _info(self, path, **options):
            await asyncio.sleep(30)

        def info(self, path):
            raise AssertionError(path)

    with pytest.raises(FSTimeoutError):
        asked(Stubborn(), 0.05, "info", "a")
