"""Fixtures every test may use."""

import os
import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from made_once import made_once

ROOT = Path(__file__).resolve().parent.parent

# On a busy machine the same example takes a tenth of a second or two: no test is about that.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# Processes of tests run beside each other; threads of torch that wait for a core spend ten times as
# much time as one thread. Set before torch is imported, and for the commands that tests start.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# In the background of a script Ctrl-C is ignored, and so it would be by the runs that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_disks() -> Iterator[None]:
    """Have `os.fsync` do nothing: no test cuts the power, and a disk takes milliseconds each time.

    What is synced, and when, is tested by itself: see engine/test_syncing.py.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that all processes of this test run share, for what takes long to make."""
    folder = tmp_path_factory.getbasetemp()
    apart = "PYTEST_XDIST_WORKER" in os.environ  # each has a folder of its own, side by side
    return (folder.parent if apart else folder) / "cache"


@pytest.fixture(scope="session")
def cache_with_base(shared_cache: Path) -> Path:
    """The shared cache, with the base of the worlds in it: a minute to make."""
    from curate.testbed.base import remembered

    with TemporaryDirectory() as folder:
        make = partial(remembered, Path(folder), 0, shared_cache)
        made_once(shared_cache, "base_of_worlds", make)
    return shared_cache


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real corpora; tests that need it skip loudly where it is missing."""
    folder = Path(os.environ.get("CURATE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real corpora at {folder}: set CURATE_TEST_DATA")
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the network; whoever asks is refused."""
    asked: list[Any] = []

    def refuse(*wanted: Any, **_: Any) -> NoReturn:
        asked.append(wanted)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked
