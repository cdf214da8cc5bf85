"""An OpenAI-compatible endpoint on loopback that does what a script says, faults included."""

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    time: int
    """How often the same body came before."""

    @property
    def said(self) -> str:
        """What the last message says."""
        return self.body["messages"][-1]["content"]


@dataclass(frozen=True)
class Reply:
    """One response, or the lack of one."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fault: Literal["", "reset", "cut"] = ""
    """`reset` closes the connection before answering, `cut` in the middle of the body."""


Script = Callable[[Asked], Reply]


def answer(text: str, **more: Any) -> Reply:
    """Answer with a chat completion."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": more.pop("finish", "stop"),
    }
    usage = more.pop("usage", {"prompt_tokens": 10, "completion_tokens": 5})
    return Reply({"model": "tiny-1", "choices": [choice], "usage": usage}, **more)


def echo(asked: Asked) -> Reply:
    """Answer every prompt with itself."""
    return answer(f"re: {asked.said}")


class Endpoint:
    """A running server: where it is, and what it was asked."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._times: Counter[str] = Counter()
        self._at_once = 0
        self._lock = threading.Lock()
        self.url = ""

    def texts(self) -> Counter[str]:
        """How often each prompt was asked."""
        with self._lock:
            return Counter(asked.said for asked in self.asked)

    @contextmanager
    def busy(self, path: str, headers: Mapping[str, str], body: dict[str, Any]) -> Iterator[Asked]:
        name = json.dumps([path, body], sort_keys=True)
        with self._lock:
            asked = Asked(path, headers, body, self._times[name])
            self._times[name] += 1
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield asked
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def serving(script: Script = echo) -> Iterator[Endpoint]:
    """Run an endpoint on a free port."""
    endpoint = Endpoint(script)

    class Handler(_Handler):
        of = endpoint

    server = _Server(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 256  # fewer, and connections are reset at 16 at once
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    of: Endpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits for an acknowledgement
    wbufsize = -1

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(size))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.of.busy(self.path, headers, body) as asked:
            reply = self.of.script(asked)
            time.sleep(reply.delay)
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        if reply.fault == "reset":
            linger = struct.pack("ii", 1, 0)  # closing sends RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.fault == "cut":
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
