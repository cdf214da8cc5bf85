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
from typing import Any

from curate.engine.appender import Appender
from curate.engine.manifest import manifest
from curate.engine.parts import Part
from curate.engine.rendering import ledger_lines, replaced_lines, row_lines
from curate.engine.series import Series
from curate.errors import LedgerError, ResumeError, UsageError
from curate.io.blocks import blocks
from curate.io.counted import Counted
from curate.io.spool import NAME as SPOOL
from curate.ledger import (
    LEDGER,
    MANIFEST,
    OUTPUTS,
    PART,
    PLAIN,
    PLAN,
    REPLACED,
    ROWS,
    RUN,
    STATE,
    Layout,
    names_left,
)
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


class RunDir:
    """The folder of one run while it is being written."""

    def __init__(
        self,
        path: Path,
        journals: list[int],
        state: Mapping[str, Any] | None,
        layout: Layout = PLAIN,
    ) -> None:
        sizes = state["sizes"] if state else {}
        self.path, self.layout = path, layout
        if state is not None:
            _take_names_back(path)
        self._series: dict[str, Series] = {}
        self._journals: dict[str, Appender] = {}
        with contextlib.ExitStack() as stack:
            stack.callback(self.close)
            for name in OUTPUTS:
                self._series[name] = Series(path, name, layout, sizes.get(name))
            for name in map(JOURNAL.format, journals):
                self._journals[name] = Appender(path / (name + PART), sizes.get(name, 0))
            stack.pop_all()

    @property
    def scratch(self) -> Path | None:
        """Where files may lie that go with the run; None: where the system keeps such files."""
        return self.path

    def take(self, part: Part, data: bytes, names: Sequence[str], view: View) -> None:  # noqa: ARG002
        """Append a segment to the outputs; it counts from the next commit on."""
        self._series[LEDGER].write(ledger_lines(part, names))
        for fate, name in enumerate(ROWS.values()):
            self._series[name].write(row_lines(part, data, fate))
        self._series[REPLACED].write(replaced_lines(part, data))

    def journal(self, step: int, data: bytes) -> None:
        """Append to the journal of a corpus filter."""
        self._journals[JOURNAL.format(step)].write(data)

    def read_journal(self, step: int) -> Iterator[bytes]:
        """Yield the journal of a corpus filter, a block at a time."""
        path = self.path / (JOURNAL.format(step) + PART)
        with path.open("rb") as file:
            yield from blocks(file, None, str(path))

    def sizes(self) -> dict[str, Any]:
        """Return how long every file is now, and what is known of the shards that are complete."""
        outputs = {name: series.saved() for name, series in self._series.items()}
        return outputs | {name: file.size for name, file in self._journals.items()}

    def commit(self, state: Mapping[str, Any]) -> None:
        """Make the first `state["sizes"]` bytes of every file count."""
        for file in self._files():
            file.sync()
        write_atomically(self.path / STATE, state, indent=None)  # twice a second: by the C encoder

    def finish(self, facts: Mapping[str, Any], plan: str) -> dict[str, Any]:
        """Give the files their names and write `run.json` last; return what it says."""
        outputs = {name: series.facts() for name, series in self._series.items()}
        self.close()
        written = plan.encode("utf-8")
        outputs[PLAN] = _facts(written)
        _write_synced(self.path / PLAN, written)
        for series in self._series.values():
            for name in series.names():
                os.replace(self.path / (name + PART), self.path / name)
        if not self.layout.plain:
            write_atomically(self.path / MANIFEST, manifest(outputs))
            outputs[MANIFEST] = _facts((self.path / MANIFEST).read_bytes())
        run = {**facts, "outputs": outputs}
        write_atomically(self.path / RUN, run)
        tidy(self.path)
        return run

    def close(self) -> None:
        """Close the files; what was not committed does not count."""
        for file in self._files():
            file.close()

    def _files(self) -> list[Series | Appender]:
        return [*self._series.values(), *self._journals.values()]


def _facts(content: bytes) -> dict[str, Any]:
    counted = Counted()
    counted.add(content)
    return counted.facts()


def _take_names_back(path: Path) -> None:
    """Give files the names of files under way again, after a crash in the middle of `finish`."""
    for name in names_left(path):
        if not name.endswith(PART):
            os.replace(path / name, path / (name + PART))
    (path / MANIFEST).unlink(missing_ok=True)


def write_atomically(path: Path, data: Mapping[str, Any], indent: int | None = 1) -> None:
    """Replace `path` by `data` as JSON, in one step."""
    new = path.with_name(path.name + NEW)
    _write_synced(new, (json.dumps(data, ensure_ascii=True, indent=indent) + "\n").encode("ascii"))
    os.replace(new, path)


def _write_synced(path: Path, content: bytes) -> None:
    """Write a file, and return when it is on disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


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
    parts = [name for name in names_left(path) if name.endswith(PART)]
    for name in (*parts, *journals, STATE, STATE + NEW, RUN + NEW):
        if (path / name).exists():  # on a read-only disk even asking to delete is refused
            (path / name).unlink()
    for left in path.glob(SPOOL + "*") if spool else ():
        left.unlink()


def clear(path: Path) -> None:
    """Delete what a run wrote here, and nothing else; the copy of stdin is this run's already."""
    written = [name for name in names_left(path) if not name.endswith(PART)]
    if set(written) - set(OUTPUTS):
        written.append(MANIFEST)
    for name in (RUN, PLAN, *written):
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
