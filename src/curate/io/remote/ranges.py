"""An object as a file: read in ranges, each tried again on its own."""

import io
import os
from collections.abc import Callable
from typing import Any

from curate.errors import InputError
from curate.io.remote.deadlines import asked, within
from curate.io.remote.retrying import retried

BLOCK = 8 << 20
"""Bytes asked for at once where reading goes on; a jump asks for what is wanted, no more."""


class Ranges(io.RawIOBase):
    """Reads an object of a known size. Memory: one block."""

    def __init__(self, name: str, fs: Any, path: str, size: int) -> None:
        """Ask for nothing yet.

        Args:
            name: What messages call the object.
            fs: What speaks the protocol.
            path: What that calls the object.
            size: Bytes of the object, or how many are wanted from its start.
        """
        super().__init__()
        self._name, self._fs, self._path, self._size = name, fs, path, size
        self._at, self._start, self._block = 0, 0, b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go on reading elsewhere."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill `buffer`, with less only at the end."""
        view, filled = memoryview(buffer).cast("B"), 0
        while filled < len(view) and self._at < self._size:
            offset = self._at - self._start
            if not 0 <= offset < len(self._block):
                self._fetch(len(view) - filled)
                offset = 0
            piece = memoryview(self._block)[offset : offset + len(view) - filled]
            view[filled : filled + len(piece)] = piece
            filled, self._at = filled + len(piece), self._at + len(piece)
        return filled

    def _fetch(self, wanted: int) -> None:
        goes_on = self._at == self._start + len(self._block)
        end = min(self._size, self._at + max(wanted, BLOCK if goes_on else 0))
        self._start, self._block = self._at, retried(self._name, self._range(self._at, end))

    def _range(self, start: int, end: int) -> Callable[[], bytes]:
        def fetched() -> bytes:
            try:
                data: bytes = asked(
                    self._fs, within(end - start), "cat_file", self._path, start=start, end=end
                )
            except FileNotFoundError:
                raise InputError(f"{self._name}: was there, and is not there any more") from None
            if len(data) != end - start:
                raise EOFError(f"{len(data)} bytes came where {end - start} were asked for")
            return data

        return fetched
