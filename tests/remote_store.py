"""Servers of this machine that hold objects: one that speaks S3, and plain web servers.

Before the one that speaks S3 stands a proxy that breaks what passes, as a test wants it.
"""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

REGION = "us-east-1"
SECRET = "not-a-secret-of-anybody"
PAUSE = 0.05
"""Seconds between the few bytes of a body that trickles."""
GIVEN_UP = 30.0
"""Seconds after which a request that hangs is dropped here."""
_PLACES = count()
_HOP = {"connection", "transfer-encoding", "keep-alive"}


@dataclass
class Faults:
    """What goes wrong; how many requests came, and how many bytes of bodies went out."""

    failing: int = 0
    """So many of the next requests are answered with `status`,"""
    every: int = 0
    """or each one whose number this divides;"""
    status: int = 500
    dropping: int = 0
    """so many of the next long bodies break off in the middle;"""
    losing: int = 0
    """so many of the next requests are done, and the connection closes without an answer;"""
    hanging: int = 0
    """so many of the next requests get no answer while somebody waits;"""
    trickling: int = 0
    """so many of the next long bodies come a few bytes at a time."""
    only: str = ""
    """The method of the requests that fail, get lost or hang; empty: any."""
    going: int | None = None
    """Requests that are answered before all others fail."""
    requests: int = 0
    sent: int = 0
    lock: Any = field(default_factory=Lock)

    def takes(self, what: str, method: str) -> bool:
        """Say whether a request is one of the next so many."""
        with self.lock:
            left = getattr(self, what) if self.only in ("", method) else 0
            setattr(self, what, getattr(self, what) - bool(left))
            return bool(left)

    def refuses(self, method: str) -> bool:
        """Count a request, and say whether it is to fail."""
        with self.lock:
            self.requests += 1
            if self.only not in ("", method):
                return False
            if self.going is not None and self.requests > self.going:
                return True
            if self.failing:
                self.failing -= 1
                return True
            return bool(self.every) and self.requests % self.every == 0

    def mend(self) -> None:
        """Let nothing go wrong any more, and count from here."""
        with self.lock:
            self.failing = self.every = self.dropping = self.losing = 0
            self.hanging = self.trickling = self.requests = 0
            self.status, self.going, self.only = 500, None, ""

    def drops(self, size: int) -> bool:
        """Say whether a body is to break off."""
        with self.lock:
            self.sent += size
            if size > 64 and self.dropping:
                self.dropping -= 1
                return True
            return False


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **facts: Any) -> Iterator[str]:
    """Answer on a port of the loopback; yields the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), facts))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    faults: Faults

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Send an answer, or the first half of it."""
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.faults.drops(len(body)):
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        if len(body) > 64 and self.faults.takes("trickling", self.command):
            with suppress(OSError):  # whoever asked had enough
                for at in range(0, len(body), 8):
                    self.wfile.write(body[at : at + 8])
                    time.sleep(PAUSE)
            return
        self.wfile.write(body)

    def fails(self) -> bool:
        """Answer with an error where one is wanted."""
        if self.faults.takes("hanging", self.command):
            self.connection.settimeout(GIVEN_UP)
            with suppress(OSError):
                self.rfile.read(1)  # nothing comes until the other side closes
            self.close_connection = True
            return True
        if not self.faults.refuses(self.command):
            return False
        self.answer(self.faults.status, {"Content-Length": "0"}, b"")
        return True


class _Proxy(_Answering):
    behind: tuple[str, int]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        if self.fails():
            return
        passed = http.client.HTTPConnection(*self.behind)
        passed.request(self.command, self.path, sent, dict(self.headers))
        response = passed.getresponse()
        body = response.read()
        headers = {k: v for k, v in response.getheaders() if k.lower() not in _HOP}
        if self.command != "HEAD":
            headers = {k: v for k, v in headers.items() if k.lower() != "content-length"}
            headers["Content-Length"] = str(len(body))
        passed.close()
        if self.faults.takes("losing", self.command):
            self.close_connection = True
            return
        self.answer(response.status, headers, body)

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815


@contextmanager
def s3() -> Iterator[Faults]:
    """Start a server that speaks S3, and let the environment name it."""
    for needed in ("moto", "s3fs"):
        pytest.importorskip(needed)
    import s3fs
    from moto.server import ThreadedMotoServer

    server, faults = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False), Faults()
    server.start()
    with (
        pytest.MonkeyPatch.context() as patched,
        serving(_Proxy, behind=server.get_host_and_port(), faults=faults) as url,
    ):
        patched.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patched.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patched.setenv("AWS_DEFAULT_REGION", REGION)
        patched.setenv("AWS_ENDPOINT_URL_S3", url)
        patched.setenv("AWS_MAX_ATTEMPTS", "1")  # what is retried is ours
        s3fs.S3FileSystem.clear_instance_cache()
        patched.setattr(s3fs.S3FileSystem, "retries", 1)
        yield faults
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def bucket() -> str:
    """Make a bucket that nobody else has, and return its URL."""
    import fsspec

    name = f"corpora-{next(_PLACES)}"
    fsspec.filesystem("s3").mkdir(name)
    return f"s3://{name}"


def put(url: str, data: bytes) -> str:
    """Put an object, and return its URL."""
    import fsspec

    fs, path = fsspec.url_to_fs(url)
    fs.pipe_file(path, data)
    return url


class _Web(_Answering):
    files: dict[str, bytes]
    ranged: bool

    def do_GET(self) -> None:
        if self.fails():
            return
        data = self.files.get(urlsplit(self.path).path)
        if data is None:
            self.answer(404, {"Content-Length": "0"}, b"")
            return
        status, headers = 200, {"ETag": f'"{hash(data)}"'}
        wanted = self.headers.get("Range")
        if self.ranged and wanted:
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            size, start = len(data), int(first)
            if start >= size:
                self.answer(416, headers | {"Content-Length": "0"}, b"")
                return
            data = data[start : int(last) + 1]
            headers["Content-Range"] = f"bytes {start}-{start + len(data) - 1}/{size}"
            status = 206
        self.answer(status, headers | {"Content-Length": str(len(data))}, data)

    do_HEAD = do_GET  # noqa: N815


@contextmanager
def web(files: dict[str, bytes], *, ranged: bool) -> Iterator[tuple[str, Faults]]:
    """Serve files by their paths; yields the server's URL and what goes wrong there."""
    faults = Faults()
    with serving(_Web, files=files, ranged=ranged, faults=faults) as url:
        yield url, faults
