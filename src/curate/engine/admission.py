"""Corpus filters: one memory, asked in input order, so that any number of workers agrees.

Every signature that is admitted is also journalled; admitting a journal again brings a memory
back without reading the corpus.
"""

import struct
from collections.abc import Iterator

from curate.api import Memory
from curate.engine.judging import DETAIL, failure
from curate.engine.looks import Looks, settle
from curate.engine.parts import Part
from curate.errors import CurateError, LedgerError, PluginError
from curate.io.segments import Segment
from curate.registry import ReadyStep

_HEAD = struct.Struct("<QI")
"""Index of the record, length of its signature."""


class Spot:
    """The place of the record at `index`, worked out only when a message needs it."""

    def __init__(self, segment: Segment) -> None:
        self.segment, self.index = segment, segment.index

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.segment.file}:{self.index - self.segment.index + self.segment.line}"


def admit(part: Part, number: int, step: ReadyStep, memory: Memory, segment: Segment) -> bytes:
    """Let the memory judge the signed records of a segment; return what to journal.

    Raises:
        PluginError: the memory breaks the filter's contract.
    """
    assert part.signatures is not None  # noqa: S101  (the stage ended in a corpus filter)
    looks, tally = Looks(step), part.tallies[number]
    journal: list[bytes] = []
    spot = Spot(segment)
    for n, signed in enumerate(part.signatures):
        if signed is None:
            continue
        spot.index = index = part.indexes[n]
        if isinstance(signed, bytes):
            journal += (_HEAD.pack(index, len(signed)), signed)
            try:
                signed = memory.admit(signed, index)  # noqa: PLW2901  (now it is a verdict)
            except CurateError:
                raise
            except Exception as error:  # whatever a plugin's memory raises is named
                detail = f"{type(error).__name__}: {error}"
                raise PluginError(failure(step.name, spot.place, detail[:DETAIL])) from error
        look = looks.of(signed, spot)
        part.trails[n] = part.trails[n] + b"," + look.line if part.trails[n] else look.line
        tally.seen += 1
        if not look.plain:
            settle(part, n, number, look)
    part.signatures = None
    return b"".join(journal)


def replay(journal: bytes, memory: Memory) -> None:
    """Bring a memory back from its journal.

    Raises:
        LedgerError: the journal is cut off.
    """
    for index, signature in _entries(journal):
        memory.admit(signature, index)


def _entries(journal: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(journal):
        if at + _HEAD.size > len(journal):
            raise LedgerError("a memory journal is cut off; start over with --fresh")
        index, size = _HEAD.unpack_from(journal, at)
        at += _HEAD.size
        if at + size > len(journal):
            raise LedgerError("a memory journal is cut off; start over with --fresh")
        yield index, journal[at : at + size]
        at += size
