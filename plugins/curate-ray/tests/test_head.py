"""The head of a cluster is looked at, and missed only when it is gone for a while."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from curate_ray import head
from curate_ray.head import Head, greet

from curate.errors import OutageError


class Settings(BaseRequestHandler):
    """Says what a server of HTTP/2 says first, in two pieces."""

    def handle(self) -> None:
        for piece in (b"\0\0\6", b"\4\0\0\0\0\0" + bytes(6)):
            self.request.sendall(piece)
            time.sleep(0.01)


class Web(BaseRequestHandler):
    """Answers in HTTP/1."""

    def handle(self) -> None:
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


class HangsUp(BaseRequestHandler):
    """Says nothing."""


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def listening(handler: type[BaseRequestHandler], port: int = 0) -> Iterator[int]:
    with _Server(("127.0.0.1", port), handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_what_speaks_as_ray_does() -> None:
    with listening(Settings) as port:
        greet(f"127.0.0.1:{port}")


@pytest.mark.parametrize("handler", [Web, HangsUp])
def test_what_does_not(handler: type[BaseRequestHandler]) -> None:
    with listening(handler) as port, pytest.raises(OSError, match=r"is not Ray|reset"):
        greet(f"127.0.0.1:{port}")


def test_who_has_no_certificate_only_knocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_USE_TLS", "1")
    with listening(HangsUp) as port:
        greet(f"127.0.0.1:{port}")


class Clock:
    """Stands for the time module: goes on when it is told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(head, "time", made)
    return made


def test_a_head_that_comes_back_is_not_missed(clock: Clock) -> None:
    with listening(Settings) as port:
        watched = Head(f"127.0.0.1:{port}")
    clock.now += head.GONE + head.WAIT  # a run may have other things to do
    watched.check()
    clock.now += head.GONE - 1
    watched.check()
    with listening(Settings, port):
        clock.now += head.WAIT
        watched.check()
    clock.now += head.WAIT
    watched.check()
    clock.now += head.GONE
    watched.check()
    clock.now += head.WAIT
    with pytest.raises(OutageError, match=rf"127.0.0.1:{port} has not answered for 30 s .*refused"):
        watched.check()


def test_it_is_looked_at_now_and_then(clock: Clock) -> None:
    watched = Head("127.0.0.1:1")
    clock.now += head.WAIT
    watched.check()
    clock.now += head.GONE + 1
    with pytest.raises(OutageError):
        watched.check()
    clock.now += head.WAIT - 1
    watched.check()


def test_what_needs_it_waits_for_it(clock: Clock) -> None:
    with listening(Settings) as port:
        watched = Head(f"127.0.0.1:{port}")
        watched.wait()
    assert not watched.answers()
    begun = clock.now
    with pytest.raises(OutageError):
        watched.wait()
    assert head.GONE <= clock.now - begun <= head.GONE + 2 * head.TICK
