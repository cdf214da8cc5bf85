"""One object of a store, or one file of a web server: what is known of it, and its bytes.

Only the process that cuts segments reads objects: segments carry their bytes to the workers, so
no other machine needs the credentials.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, NamedTuple, cast

from curate.errors import InputError, OutageError
from curate.io.remote import web
from curate.io.remote.deadlines import asked, within
from curate.io.remote.protocols import file_system
from curate.io.remote.ranges import Ranges
from curate.io.remote.retrying import retried
from curate.io.remote.urls import is_web, shown

_VERSIONS = ("ETag", "etag", "generation", "blob_id", "LastModified", "mtime", "updated", "created")
"""Where libraries of stores tell the version of an object, the surest first."""
_MISSING = "there is no such object"


class Facts(NamedTuple):
    """What the store says of an object."""

    size: int | None
    """In bytes; None: it does not say."""
    version: str
    """Another one after the object was changed, as far as the store tells."""
    ranged: bool = True
    """It can be read in ranges."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object that need not exist."""

    name: str
    """Its URL without secrets, for messages."""
    fs: Any
    """What speaks the protocol of its URL."""
    path: str
    """What that calls it."""

    @property
    def identity(self) -> str:
        """Return the same URL for all the URLs that name the object."""
        return shown(self.fs.unstrip_protocol(self.path))

    def facts(self) -> Facts:
        """Ask the store.

        Raises:
            FileNotFoundError: there is no such object, or it is a folder.
            OutageError: the store stays away.
            UsageError: the store does not let us in.
        """
        if is_web(self.name):
            answer = self.asked(1)
            return Facts(answer.size, answer.version, answer.ranged)
        found = _found(retried(self.name, lambda: info(self.fs, self.path)))
        version = next((str(found[key]) for key in _VERSIONS if found.get(key)), "")
        return Facts(found["size"], version)

    def first(self, count: int) -> tuple[bytes, int]:
        """Return up to `count` bytes from the start, and the size of the object (0: not told).

        Raises:
            FileNotFoundError: there is no such object.
            OutageError: the store stays away.
            UsageError: the store does not let us in.
        """
        if is_web(self.name):
            answer = self.asked(count)
            return answer.first, answer.size or 0
        size = self.facts().size or 0
        with io.BufferedReader(Ranges(self.name, self.fs, self.path, min(size, count))) as file:
            return file.read(), size

    def asked(self, count: int) -> web.Answer:
        """Ask a web server for the first bytes."""

        def ask() -> web.Answer | None:
            try:
                return web.asked(self.fs, self.path, count)
            except FileNotFoundError:
                return None

        answer = retried(self.name, ask)
        if answer is None:
            raise FileNotFoundError(_MISSING)
        return answer


def object_at(url: str) -> Object:
    """Return the object that a URL names; nothing is asked yet.

    Raises:
        InputError: the URL holds a password.
        UsageError: nothing installed speaks the protocol.
    """
    name = shown(url)
    fs, path = file_system(url, name, "reads", **(web.options() if is_web(url) else {}))
    return Object(name, fs, path)


@contextmanager
def opened(url: str) -> Iterator[BinaryIO]:
    """Yield the object at a URL as a file; that it stayed as it was is checked at the end.

    A file of a web server that knows no ranges is first saved to a temporary file: when the
    connection drops, there is no way to go on from the middle.

    Raises:
        InputError: it is not there, or changed while it was read.
        OutageError: the store stays away.
        UsageError: the store does not let us in.
    """
    found = object_at(url)
    with _gone(found.name):
        before = found.facts()
    if before.ranged and before.size is not None:
        with Ranges(found.name, found.fs, found.path, before.size) as ranges:
            try:
                yield cast("BinaryIO", ranges)
            except OutageError:
                _unchanged(found, before)  # a range beyond the end of a shorter object fails
                raise
    else:
        limit = None if before.size is None else within(before.size)
        with NamedTemporaryFile(prefix="curate-") as file:
            retried(found.name, lambda: asked(found.fs, limit, "get_file", found.path, file.name))
            with open(file.name, "rb", buffering=0) as saved:
                yield saved
    _unchanged(found, before)


def _unchanged(found: Object, before: Facts) -> None:
    with _gone(found.name):
        now = found.facts()
    if now != before:
        raise InputError(f"{found.name}: changed while it was read; start the same command again")


@contextmanager
def _gone(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{name}: was there, and is not there any more") from None


def info(fs: Any, path: str) -> dict[str, Any] | None:
    """Ask once what is at a path, an object or a folder; None: nothing."""
    fs.invalidate_cache()
    try:
        found: dict[str, Any] = asked(fs, within(), "info", path)
    except FileNotFoundError:
        return None
    return found


def _found(facts: dict[str, Any] | None) -> dict[str, Any]:
    if facts is None or facts["type"] != "file":
        raise FileNotFoundError(_MISSING)
    return facts
