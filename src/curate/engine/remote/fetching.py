"""Begin a run on a store, or fetch what another machine sent there, to go on from it."""

import hashlib
from dataclasses import replace
from pathlib import Path

from curate.engine.remote.checkpoints import (
    FOLDER,
    Checkpoint,
    Chunk,
    decode,
    state_name,
    state_number,
)
from curate.engine.remote.growing import complete
from curate.engine.remote.store import Store
from curate.engine.rundir import write_atomically
from curate.errors import LedgerError, ResumeError
from curate.ledger import MANIFEST, PART, PLAN, RUN, STATE, output_of


def fetch(store: Store, folder: Path, writer: str, *, fresh: bool) -> Checkpoint | None:
    """Make `folder` what it was at the last checkpoint, and return that.

    Where the run is finished, `folder` gets its `run.json` and nothing is returned.

    Raises:
        ResumeError: there are such files that no run wrote.
        LedgerError: what was sent is damaged or not there any more.
    """
    numbers = states(store)  # the next one is higher than all, also than damaged ones
    written = [name for name in store.names() if _writes(name)]
    if fresh and (numbers or RUN in written):
        return _start_over(store, numbers, written, writer)
    if RUN in written:
        (folder / RUN).write_bytes(store.read(RUN) or b"")
        return None
    if not numbers:
        if written:
            raise ResumeError(
                f"{store.at(written[0])} exists, and no run wrote it: choose another --out"
            )
        return Checkpoint(0, writer)
    found = replace(_last(store, numbers), number=max(numbers), writer=writer)
    if found.state is not None:
        _lay_out(store, folder, found, written)
        write_atomically(folder / STATE, found.state)
    return found


def states(store: Store) -> list[int]:
    """Return the numbers of all states, lowest first."""
    found = (state_number(name) for name in store.names(FOLDER))
    return sorted(number for number in found if number is not None)


def stale(store: Store, kept: set[str]) -> list[str]:
    """Return the names of files that look like outputs of a run and are not among `kept`."""
    return [name for name in store.names() if _writes(name) and name not in kept]


def _writes(name: str) -> bool:
    """Say whether a run gives a file this name."""
    return name in (RUN, PLAN, MANIFEST) or (
        output_of(name) is not None and not name.endswith(PART)
    )


def _start_over(store: Store, numbers: list[int], written: list[str], writer: str) -> Checkpoint:
    """Delete what a run wrote; the new claim first, so that what is left is known as a run's."""
    claim = Checkpoint(max(numbers, default=0) + 1, writer)
    if not store.create(claim.name, claim.encode()):
        raise another(store)
    store.delete([RUN, *(name for name in written if name != RUN)])
    store.delete(f"{FOLDER}/{state_name(number)}" for number in numbers)
    return claim


def another(store: Store) -> ResumeError:
    """Return what to raise where another run writes to the same place."""
    return ResumeError(
        f"{store.url}: another `curate run` is writing here; nothing of it was changed. When that "
        "one has ended, the same command goes on from what was sent last"
    )


def _last(store: Store, numbers: list[int]) -> Checkpoint:
    """Return the highest whole state."""
    for number in reversed(numbers):
        data = store.read(f"{FOLDER}/{state_name(number)}")
        found = decode(number, data) if data is not None else None
        if found is not None:
            return found
    raise LedgerError(f"{store.at(FOLDER)}: every state is damaged; start over with --fresh")


def _lay_out(store: Store, folder: Path, found: Checkpoint, written: list[str]) -> None:
    """Write the files that still grow; a complete shard stays away, and a hole has its length."""
    for file, chunks in found.chunks.items():
        with (folder / (file + PART)).open("wb") as target:
            for chunk in chunks:
                target.write(_bytes(store, file, chunk))
    for name, size in complete(found.state or {}):
        if name not in written:
            raise LedgerError(
                f"{store.at(name)}: was sent, and is not there any more; start over with --fresh"
            )
        hollow(folder / (name + PART), size)


def _bytes(store: Store, file: str, chunk: Chunk) -> bytes:
    data = store.read(chunk.name(file), chunk.end - chunk.start)
    if data is None or hashlib.sha256(data).hexdigest() != chunk.sha256:
        how = "is damaged" if data is not None else "is not there any more"
        raise LedgerError(
            f"{store.at(chunk.name(file))}: was sent, and {how}; start over with --fresh"
        )
    return data


def hollow(path: Path, size: int) -> None:
    """Make a file that has a length and takes no room: what it held is on the store."""
    with path.open("wb") as file:
        file.truncate(size)
