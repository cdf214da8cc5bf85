"""Make a run last: append, commit, cut back after a crash, give files their names when complete.

Row files and the ledger grow as `*.part`. `state.json` says how many bytes of each count; it is
replaced in one step, after the files it speaks of are on disk. Opening a run again cuts every file
back to what the state says, so whatever a crash left half-written is gone.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from curate.engine.parts import Part
from curate.engine.rendering import ledger_lines, replaced_lines, row_lines
from curate.errors import LedgerError, ResumeError, UsageError
from curate.io.counted import Counted
from curate.io.spool import NAME as SPOOL
from curate.ledger import LEDGER, OUTPUTS, PART, PLAN, REPLACED, ROWS, RUN, STATE
from curate.records import View

STATE_KEYS = {
    "identity",
    "learned",
    "segments",
    "file",
    "prefix",
    "read",
    "shapes",
    "books",
    "sizes",
}
NEW = ".new"
JOURNAL = "memory-{}.journal"
"""What the memory of step N admitted, so that a resumed run need not read the corpus again."""


class Appender:
    """A file that grows and knows the hash and number of its lines."""

    def __init__(self, path: Path, keep: int) -> None:
        """Open `path` for appending after its first `keep` bytes.

        Raises:
            LedgerError: the file is shorter than what was committed.
        """
        self.path = path
        self._written = Counted()
        mode = "r+b" if path.exists() else "w+b"
        self._file: BinaryIO = path.open(mode, buffering=0)  # type: ignore[assignment]
        while self.size < keep:
            block = self._file.read(min(1 << 22, keep - self.size))
            if not block:
                raise LedgerError(
                    f"{path}: {self.size} bytes where {keep} were committed; the disk lost data. "
                    "Start over with --fresh"
                )
            self._written.add(block)
        self._file.truncate(keep)
        self._file.seek(keep)

    def write(self, data: bytes) -> None:
        """Append whole lines."""
        if data:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            self._written.add(data)

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._written.bytes

    def sync(self) -> None:
        """Return when the bytes are on disk."""
        os.fsync(self._file.fileno())

    def facts(self) -> dict[str, Any]:
        """Return hash (hex), bytes and lines."""
        return self._written.facts()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class RunDir:
    """The folder of one run while it is being written."""

    def __init__(self, path: Path, journals: list[int], state: Mapping[str, Any] | None) -> None:
        sizes = state["sizes"] if state else {}
        self.path = path
        for name in OUTPUTS:  # a crash in the middle of `finish`
            if (path / name).exists() and state is not None:
                os.replace(path / name, path / (name + PART))
        self._files: dict[str, Appender] = {}
        with _closing_on_error(self._files):
            for name in (*OUTPUTS, *(JOURNAL.format(n) for n in journals)):
                self._files[name] = Appender(path / (name + PART), sizes.get(name, 0))

    def take(self, part: Part, data: bytes, names: Sequence[str], view: View) -> None:  # noqa: ARG002
        """Append a segment to the outputs; it counts from the next commit on."""
        self._files[LEDGER].write(ledger_lines(part, names))
        for fate, name in enumerate(ROWS.values()):
            self._files[name].write(row_lines(part, data, fate))
        self._files[REPLACED].write(replaced_lines(part, data))

    def journal(self, step: int, data: bytes) -> None:
        """Append to the journal of a corpus filter."""
        self._files[JOURNAL.format(step)].write(data)

    def read_journal(self, step: int) -> bytes:
        """Return the committed journal of a corpus filter."""
        return (self.path / (JOURNAL.format(step) + PART)).read_bytes()

    def sizes(self) -> dict[str, int]:
        """Return the length of every file as it is now."""
        return {name: file.size for name, file in self._files.items()}

    def commit(self, state: Mapping[str, Any]) -> None:
        """Make the first `state["sizes"]` bytes of every file count."""
        for file in self._files.values():
            file.sync()
        write_atomically(self.path / STATE, state)

    def finish(self, facts: Mapping[str, Any], plan: str) -> dict[str, Any]:
        """Give the files their names and write `run.json` last; return what it says."""
        outputs = {name: self._files[name].facts() for name in OUTPUTS}
        self.close()
        content = Counted()
        content.add(plan.encode("utf-8"))
        outputs[PLAN] = content.facts()
        (self.path / PLAN).write_bytes(plan.encode("utf-8"))
        for name in OUTPUTS:
            os.replace(self.path / (name + PART), self.path / name)
        run = {**facts, "outputs": outputs}
        write_atomically(self.path / RUN, run)
        tidy(self.path)
        return run

    def close(self) -> None:
        """Close the files; what was not committed does not count."""
        for file in self._files.values():
            file.close()


@contextlib.contextmanager
def _closing_on_error(files: dict[str, Appender]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for file in files.values():
            file.close()
        raise


def write_atomically(path: Path, data: Mapping[str, Any]) -> None:
    """Replace `path` by `data` as JSON, in one step."""
    new = path.with_name(path.name + NEW)
    with new.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=True, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def read_state(path: Path) -> dict[str, Any] | None:
    """Return `state.json`, or None where no run was begun.

    Raises:
        LedgerError: the file is damaged.
    """
    try:
        state: dict[str, Any] = json.loads((path / STATE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise LedgerError(f"{path / STATE}: damaged: {error}; start over with --fresh") from None
    if not isinstance(state, dict) or not state.keys() >= STATE_KEYS:
        raise LedgerError(f"{path / STATE}: damaged: not a state; start over with --fresh")
    return state


def tidy(path: Path, *, spool: bool = True) -> None:
    """Delete what only a run under way needs; the copy of stdin only where `spool` is true."""
    journals = (left.name for left in path.glob(JOURNAL.format("*") + PART))
    parts = (name + PART for name in OUTPUTS)
    for name in (*parts, *journals, STATE, STATE + NEW, RUN + NEW):
        if (path / name).exists():  # on a read-only disk even asking to delete is refused
            (path / name).unlink()
    for left in path.glob(SPOOL + "*") if spool else ():
        left.unlink()


def clear(path: Path) -> None:
    """Delete what a run wrote here, and nothing else; the copy of stdin is this run's already."""
    for name in (RUN, PLAN, *OUTPUTS):
        (path / name).unlink(missing_ok=True)
    tidy(path, spool=False)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the folder for one run at a time.

    Raises:
        ResumeError: another process is writing here.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{path}: --out must be a folder, and a file is in the way") from None
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResumeError(f"{path}: another `curate run` is writing here") from None
    else:
        yield
    finally:
        os.close(folder)
