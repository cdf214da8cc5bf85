"""What a web server says of a file, by one request for its first bytes.

A server need not know of ranges: it then answers with the whole file, which is why this looks at
the answer before it is read.
"""

from typing import Any, NamedTuple

from curate.extras import need
from curate.io.remote.deadlines import ANSWER, within

_PARTIAL = 206
_EMPTY = 416
"""What a server says to a range of an empty file."""


class Answer(NamedTuple):
    """What is known after the first bytes."""

    first: bytes
    size: int | None
    """Bytes of the file; None: the server does not say."""
    version: str
    ranged: bool
    """The server answers with ranges."""


def options() -> dict[str, Any]:
    """Return what the file system of the web is opened with.

    Bytes are wanted as they are stored, not as a server would compress them on the way. A large
    file takes long, so only silence ends it here.
    """
    silence = need("aiohttp", "http").ClientTimeout(
        total=None, sock_connect=ANSWER, sock_read=ANSWER
    )
    return {
        "headers": {"Accept-Encoding": "identity"},
        "client_kwargs": {"timeout": silence},
    }


def asked(fs: Any, url: str, count: int) -> Answer:
    """Return what the server says of the file at `url`, and its first `count` bytes.

    Raises:
        FileNotFoundError: the server has no such file.
        Exception: what aiohttp raises, where the server refuses or fails.
    """
    answer: Answer = need("fsspec.asyn", "http").sync(
        fs.loop, _asked, fs, url, count, timeout=within(count)
    )
    return answer


async def _asked(fs: Any, url: str, count: int) -> Answer:
    session = await fs.set_session()
    options = fs.kwargs | {
        "headers": fs.kwargs.get("headers", {}) | {"Range": f"bytes=0-{count - 1}"}
    }
    async with session.get(fs.encode_url(url), **options) as response:
        if response.status == _EMPTY:
            return Answer(b"", 0, _version(response), ranged=True)
        fs._raise_not_found_for_status(response, url)
        ranged = response.status == _PARTIAL
        size = _size(response, ranged)
        first = await _first(response.content, count)
        if size is not None and len(first) < min(count, size):
            raise EOFError(f"{len(first)} bytes came where {min(count, size)} were asked for")
        return Answer(first, size, _version(response), ranged)


async def _first(content: Any, count: int) -> bytes:
    first = b""
    while len(first) < count and (piece := await content.read(count - len(first))):
        first += piece
    return first


def _size(response: Any, ranged: bool) -> int | None:
    if not ranged:
        told = response.headers.get("Content-Length", "")
    else:
        told = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(told) if told.isdecimal() else None


def _version(response: Any) -> str:
    return str(response.headers.get("ETag") or response.headers.get("Last-Modified") or "")
