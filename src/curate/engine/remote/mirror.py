"""A run directory of this machine that is sent to a store as it grows.

Between checkpoints the run lives here as any other. A checkpoint sends the new bytes of each file
that grows, and the shards that were completed; then the state, which makes them count.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from curate.engine.remote.checkpoints import Checkpoint, Chunk
from curate.engine.remote.fetching import another, hollow, stale, states
from curate.engine.remote.growing import complete, growing
from curate.engine.remote.store import Store
from curate.engine.rundir import RunDir
from curate.errors import CurateError
from curate.ledger import PART, RUN, Layout

PIECE = 64 << 20
"""Bytes of a chunk, at most: they are in memory while they are sent."""


class Pace(NamedTuple):
    """When a checkpoint is due, whichever comes first."""

    seconds: float = 10.0
    bytes: int = 64 << 20


class Mirror(RunDir):
    """The folder of a run, and the store that gets what is in it."""

    def __init__(
        self,
        path: Path,
        journals: list[int],
        state: Mapping[str, Any] | None,
        layout: Layout,
        store: Store,
        last: Checkpoint,
        pace: Pace,
    ) -> None:
        """Open the folder, and claim the place where no checkpoint was ever sent.

        Raises:
            ResumeError: another run claimed it.
            OutageError: the store stays away.
        """
        self._store, self._last, self._before, self._pace = store, last, last, pace
        self._sent = {name for name, _ in complete(state)} if state else set()
        self._state: Mapping[str, Any] | None = None
        """Committed here and not sent yet."""
        self._failed = False
        """A store that failed is not asked again at the end."""
        self._since = time.monotonic()
        super().__init__(path, journals, state, layout)
        with ExitStack() as stack:
            stack.callback(super().close)
            if not last.number:
                self._put(None, {})
            stack.pop_all()

    @property
    def scratch(self) -> None:
        """Return nothing: errors speak of `path` as the store, and a disk that is full is none."""
        return

    def commit(self, state: Mapping[str, Any]) -> None:
        """Commit here; send it away when that is due."""
        super().commit(state)
        self._state = state
        waited = time.monotonic() - self._since
        if waited >= self._pace.seconds or self._unsent(state) >= self._pace.bytes:
            self._send()

    def finish(self, facts: Mapping[str, Any], plan: str) -> dict[str, Any]:
        """Complete the run here, then send it: `run.json` last, when all else is there."""
        self._send()
        run = super().finish(facts, plan)
        names = {path.name for path in self.path.iterdir()} - {RUN}
        for name in sorted(names - self._sent):
            self._store.send(self.path / name, name)
        self._store.delete(stale(self._store, names))
        self._alone()
        self._store.send(self.path / RUN, RUN)
        return run

    def close(self) -> None:
        """Close the files, and send what was committed, where the store is there."""
        super().close()
        with suppress(CurateError):  # what ended the run is told; the checkpoint before stands
            self._send()

    def _unsent(self, state: Mapping[str, Any]) -> int:
        """Return how many committed bytes are here alone."""
        away = {name: of[-1].end for name, of in self._last.chunks.items() if of}
        files = [*growing(state, self.layout).items(), *complete(state)]
        return sum(size - away.get(name, 0) for name, size in files if name not in self._sent)

    def _send(self) -> None:
        """Make what was committed here count on the store, too."""
        state = self._state
        if state is None or self._failed:
            return
        self._failed = True
        self._alone()
        sizes = growing(state, self.layout)
        chunks = {name: self._extend(name, size) for name, size in sizes.items()}
        for name, size in complete(state):
            if name not in self._sent:
                self._store.send(self.path / (name + PART), name)
                self._sent.add(name)
                hollow(self.path / (name + PART), size)
        self._put(state, chunks)
        self._state, self._failed = None, False

    def _extend(self, name: str, size: int) -> tuple[Chunk, ...]:
        """Send the bytes of a file that are new, and return all of its chunks."""
        chunks = list(self._last.chunks.get(name, ()))
        with (self.path / (name + PART)).open("rb") as file:
            for chunk, data in _pieces(file, chunks[-1].end if chunks else 0, size):
                self._store.write({chunk.name(name): data})
                chunks.append(chunk)
        return tuple(chunks)

    def _put(self, state: Mapping[str, Any] | None, chunks: dict[str, tuple[Chunk, ...]]) -> None:
        """Put the next state; delete what neither it nor the one before it needs."""
        last = self._last
        new = Checkpoint(last.number + 1, last.writer, state, chunks)
        if not self._store.create(new.name, new.encode()):
            raise another(self._store)
        needed = {*new.objects(), *last.objects()}
        gone = [name for name in self._before.objects() if name not in needed]
        if self._before.number < last.number:
            gone.insert(0, self._before.name)
        self._store.delete(gone)
        self._before, self._last, self._since = last, new, time.monotonic()

    def _alone(self) -> None:
        """Check that no other run has put a state, or has finished and tidied up.

        Raises:
            ResumeError: one has.
        """
        if states(self._store)[-1:] != [self._last.number]:
            raise another(self._store)


def _pieces(file: BinaryIO, start: int, end: int) -> Iterator[tuple[Chunk, bytes]]:
    """Yield the bytes of a file from `start` to `end` as chunks."""
    file.seek(start)
    while start < end:
        data = file.read(min(PIECE, end - start))
        stop = start + len(data)
        yield Chunk(start, stop, hashlib.sha256(data).hexdigest()), data
        start = stop
