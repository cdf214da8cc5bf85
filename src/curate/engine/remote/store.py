"""The few things that a run asks of an object store, each tried again where the store falters.

A store need do no more than this: an object that was put is there, whole, for whoever reads or
lists after it. S3, Google Cloud Storage and Azure promise that.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from curate.io.remote.deadlines import LISTING, asked, within
from curate.io.remote.protocols import file_system
from curate.io.remote.ranges import BLOCK
from curate.io.remote.retrying import retried

T = TypeVar("T")

ON_DISK = frozenset({"file", "local"})
"""Protocols whose folders must be made before a file is written."""


class Store:
    """The objects under one URL."""

    def __init__(self, url: str) -> None:
        """Find what speaks the protocol of `url`; nothing is asked yet.

        Raises:
            UsageError: nothing installed does.
        """
        self.url = url.rstrip("/")
        more = {"auto_mkdir": True} if url.partition("://")[0] in ON_DISK else {}
        self._fs, root = file_system(self.url, self.url, "writes to", **more)
        self._root = root.rstrip("/")

    def at(self, name: str) -> str:
        """Return the URL of an object, for messages."""
        return f"{self.url}/{name}"

    def holds(self, url: str) -> bool:
        """Say whether a URL names an object directly under this one."""
        protocols = self._fs.protocol
        known = (protocols,) if isinstance(protocols, str) else protocols
        if url.partition("://")[0] not in known:
            return False
        place: str = self._fs._strip_protocol(url)
        return place.startswith(f"{self._root}/") and "/" not in place[len(self._root) + 1 :]

    def names(self, folder: str = "") -> list[str]:
        """Return the names of the objects directly in a folder, sorted; none where it is not."""
        place = self._path(folder).rstrip("/")

        def listed() -> list[dict[str, Any]]:
            self._fs.invalidate_cache()
            try:
                found: list[dict[str, Any]] = asked(self._fs, within(), "ls", place, detail=True)
            except FileNotFoundError:
                return []
            return found

        found = [each["name"] for each in self._asked(folder, listed) if each["type"] == "file"]
        return sorted(name.rpartition("/")[2] for name in found if name != place)

    def read(self, name: str, size: int = BLOCK) -> bytes | None:
        """Return an object's bytes, None where there is none; it has about `size`."""

        def found() -> bytes | None:
            try:
                data: bytes = asked(self._fs, within(size), "cat_file", self._path(name))
            except FileNotFoundError:
                return None
            return data

        return self._asked(name, found)

    def write(self, objects: Mapping[str, bytes]) -> None:
        """Put objects, several at once where the store can."""
        if objects:
            paths = {self._path(name): data for name, data in objects.items()}
            limit = within(sum(map(len, objects.values())))
            self._asked(min(objects), lambda: asked(self._fs, limit, "pipe", paths))

    def create(self, name: str, data: bytes) -> bool:
        """Put an object that must not be there yet; say whether it is ours now.

        A store that can (`If-None-Match` and the like) refuses the second of two. A try whose
        answer was lost may have succeeded: what is there is then what was sent.
        """

        def put() -> None:
            with suppress(FileExistsError):
                asked(
                    self._fs, within(len(data)), "pipe_file", self._path(name), data, mode="create"
                )

        self._asked(name, put)
        return self.read(name, len(data)) == data

    def send(self, path: Path, name: str) -> None:
        """Put a file of this machine."""
        limit = within(path.stat().st_size)
        self._asked(name, lambda: asked(self._fs, limit, "put_file", str(path), self._path(name)))

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects, whether they are there or not."""

        def gone(path: str) -> None:
            with suppress(FileNotFoundError):
                asked(self._fs, within(), "rm_file", path)

        for name in names:
            self._asked(name, partial(gone, self._path(name)))

    def delete_folder(self, folder: str) -> None:
        """Delete all objects of a folder and of those in it."""

        def gone() -> None:
            self._fs.invalidate_cache()
            with suppress(FileNotFoundError):
                asked(self._fs, LISTING, "rm", self._path(folder), recursive=True)

        self._asked(folder, gone)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _asked(self, name: str, call: Callable[[], T]) -> T:
        return retried(self.at(name), call)
