"""A hub on this machine: the answers that `huggingface_hub` and `datasets` ask for, no more."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

REPO = "org/name"


class Hub:
    """One data set; `commits` maps a commit to its files, `main` is the newest."""

    def __init__(self) -> None:
        self.commits: dict[str, dict[str, bytes]] = {}
        self.main = ""
        self.url = ""

    def commit(self, sha: str, **files: bytes) -> None:
        """Make a commit the newest; `train__parquet` is the file `train.parquet`."""
        self.commits[sha] = {name.replace("__", "."): data for name, data in files.items()}
        self.main = sha


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Answer on a port of the loopback."""

    class Handler(_Handler):
        pass

    Handler.hub = hub
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        api = f"/api/datasets/{REPO}"
        if path == api:
            self._info(self.hub.main)
        elif path.startswith(f"{api}/revision/"):
            revision = path.rpartition("/")[2]
            self._info(self.hub.main if revision == "main" else revision)
        elif path.startswith(f"{api}/tree/"):
            self._tree(path.removeprefix(f"{api}/tree/"))
        elif path.startswith(f"/datasets/{REPO}/resolve/"):
            self._file(*path.removeprefix(f"/datasets/{REPO}/resolve/").split("/", 1))
        else:
            self._none("RepoNotFound")

    def _info(self, sha: str) -> None:
        if sha not in self.hub.commits:
            return self._none("RevisionNotFound")
        files = [{"rfilename": name} for name in self.hub.commits[sha]]
        facts = {"_id": "1", "id": REPO, "sha": sha, "siblings": files, "tags": [], "likes": 0}
        return self._json(facts | {"private": False, "gated": False, "disabled": False})

    def _tree(self, where: str) -> None:
        sha, _, folder = where.partition("/")
        if folder or sha not in self.hub.commits:
            return self._none("EntryNotFound")
        return self._json(
            [
                {"type": "file", "path": name, "size": len(data), "oid": _oid(data)}
                for name, data in self.hub.commits[sha].items()
            ]
        )

    def _file(self, sha: str, name: str) -> None:
        data = self.hub.commits.get(sha, {}).get(name)
        if data is None:
            return self._none("EntryNotFound")
        headers = {"ETag": f'"{_oid(data)}"', "X-Repo-Commit": sha, "Accept-Ranges": "bytes"}
        wanted = self.headers.get("Range")
        if wanted is None:
            return self._send(200, data, headers)
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, stop = int(first), int(last) + 1 if last else len(data)
        stop = min(stop, len(data))
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
        return self._send(206, data[start:stop], headers)

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _none(self, code: str) -> None:
        self._send(404, b'{"error": "not found"}', {"X-Error-Code": code})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _oid(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()
