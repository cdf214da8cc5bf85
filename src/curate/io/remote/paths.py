"""A place on a store as a path: what reading a run directory needs of one."""

import errno
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from curate.errors import UsageError
from curate.io.remote.deadlines import asked, within
from curate.io.remote.objects import Object, info, object_at
from curate.io.remote.ranges import Ranges
from curate.io.remote.retrying import retried


@dataclass(frozen=True, slots=True)
class RemotePath:
    """An object, or a folder of objects; neither need exist.

    Each request is tried again where the store falters. Besides what `pathlib` raises, every
    method that asks raises OutageError where the store stays away, UsageError where it does not
    let us in, and reading InputError where the object vanishes meanwhile.
    """

    _at: Object

    def __str__(self) -> str:
        """Return its URL."""
        return self._at.name

    def __truediv__(self, name: str) -> "RemotePath":
        """Return what is called `name` in this folder."""
        at = self._at
        path = f"{at.path.rstrip('/')}/{name}"
        return RemotePath(Object(f"{at.name.rstrip('/')}/{name}", at.fs, path))

    @property
    def name(self) -> str:
        """Return the last part of its URL."""
        return self._at.name.rstrip("/").rpartition("/")[2]

    @property
    def identity(self) -> str:
        """Return the same URL for all the URLs that name the place."""
        return self._at.identity.rstrip("/")

    def resolve(self) -> "RemotePath":
        """Return itself: a store has no links."""
        return self

    def exists(self) -> bool:
        """Say whether there is such an object or folder."""
        return retried(self._at.name, lambda: info(self._at.fs, self._at.path)) is not None

    def iterdir(self) -> Iterator["RemotePath"]:
        """Yield the objects and folders directly in this folder."""
        fs, place = self._at.fs, self._at.path

        def listed() -> list[dict[str, Any]]:
            fs.invalidate_cache()
            try:
                found: list[dict[str, Any]] = asked(fs, within(), "ls", place, detail=True)
            except FileNotFoundError:
                return []
            return found

        names = (each["name"].rstrip("/") for each in retried(self._at.name, listed))
        yield from (self / name.rpartition("/")[2] for name in names if name != place.rstrip("/"))

    def open(self, mode: str = "rb") -> BinaryIO:
        """Open the object to read bytes from it.

        Raises:
            FileNotFoundError: there is no such object.
            UsageError: the server knows no ranges, so reading could not go on after a drop.
        """
        assert mode == "rb"  # noqa: S101  (nothing else is offered)
        try:
            facts = self._at.facts()
        except FileNotFoundError:
            told = os.strerror(errno.ENOENT)
            raise FileNotFoundError(errno.ENOENT, told, self._at.name) from None
        if not facts.ranged or facts.size is None:
            raise UsageError(f"{self}: the server knows no ranges; copy the folder here first")
        ranges = Ranges(self._at.name, self._at.fs, self._at.path, facts.size)
        return cast("BinaryIO", io.BufferedReader(ranges))

    def read_bytes(self) -> bytes:
        """Return all bytes of the object."""
        with self.open() as file:
            return file.read()

    def read_text(self, encoding: str) -> str:
        """Return the object as text."""
        return self.read_bytes().decode(encoding)


def path_at(url: str) -> RemotePath:
    """Return the place that a URL names; nothing is asked yet.

    Raises:
        InputError: the URL holds a password.
        UsageError: nothing installed speaks the protocol.
    """
    return RemotePath(object_at(url))
