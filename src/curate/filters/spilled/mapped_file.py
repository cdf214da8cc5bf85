"""A file without a name, mapped into memory, that grows."""

import errno
import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from curate.errors import OutageError

_BLOCK = 1 << 20
"""Bytes that are written at once where the system cannot allocate."""


class MappedFile:
    """A file that is gone when it is closed; its bytes are those of `map`, zeros at first.

    Blocks are allocated before they are mapped: a full disk is an error then, and not the signal
    that a write to a mapped hole would be (SIGBUS, mmap(2)).

    Args:
        size: In bytes, more than 0.
        folder: Where the file is made; None: the system's folder for temporary files.

    Raises:
        OutageError: the file cannot be made, or the folder has no room for it.
    """

    __slots__ = ("_file", "_folder", "map")

    def __init__(self, size: int, folder: Path | None) -> None:
        self._folder = folder
        try:
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  (`close`)
        except OSError as error:
            raise _refused(folder, error) from error
        try:
            self.lengthen(size)
        except BaseException:
            self._file.close()
            raise

    def lengthen(self, size: int) -> None:
        """Make the file `size` bytes long and map it anew; the map before stays as long as it was.

        Raises:
            OutageError: the folder has no room for it; nothing has changed.
        """
        number = self._file.fileno()
        try:
            _allocate(number, size)
            self.map = mmap.mmap(number, size)
            # Places are looked up all over it; to read their surroundings would take all the time.
            self.map.madvise(mmap.MADV_RANDOM)
        except OSError as error:
            raise _refused(self._folder, error) from error

    def close(self) -> None:
        """Give the file back; `map` is closed too, or goes with the last that looks at it."""
        with suppress(BufferError):  # an interrupt holds what it came through
            self.map.close()
        self._file.close()


def _allocate(number: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(number, 0, size)
        return
    at = os.lseek(number, 0, os.SEEK_END)  # macOS
    while at < size:
        at += os.write(number, bytes(min(_BLOCK, size - at)))


def _refused(folder: Path | None, error: OSError) -> OutageError:
    where = tempfile.gettempdir() if folder is None else folder
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    told = "make room" if is_full else "name another folder for temporary files (TMPDIR) or --out"
    return OutageError(
        f"{where}: the memory of duplicates cannot grow there ({error.strerror or error}); "
        f"{told} and run again: what is done is kept"
    )
