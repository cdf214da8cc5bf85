"""The journal of a corpus filter: which record was admitted by which signature, in input order.

Admitting a journal again brings a memory back without reading the corpus.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from curate.errors import LedgerError

Entry = tuple[int, bytes]
"""Index of the record in the run, and its signature."""
BATCH = 4096
"""Entries that are read back at once."""
_HEAD = struct.Struct("<QI")
"""Index of the record, length of its signature."""


def pack(entries: Iterable[Entry]) -> bytes:
    """Return entries as they stand in a journal."""
    packed: list[bytes] = []
    for index, signature in entries:
        packed += (_HEAD.pack(index, len(signature)), signature)
    return b"".join(packed)


def batches(blocks: Iterable[bytes]) -> Iterator[Sequence[Entry]]:
    """Yield the entries of a journal, some at a time.

    Args:
        blocks: The bytes of the journal, cut anywhere.

    Raises:
        LedgerError: it is cut off.
    """
    entries = unpack(blocks)
    while batch := list(islice(entries, BATCH)):
        yield batch


def unpack(blocks: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the entries of a journal.

    Args:
        blocks: The bytes of the journal, cut anywhere.

    Raises:
        LedgerError: it is cut off.
    """
    left = b""
    for block in blocks:
        data, at = left + block, 0
        while len(data) - at >= _HEAD.size:
            index, size = _HEAD.unpack_from(data, at)
            end = at + _HEAD.size + size
            if end > len(data):
                break
            yield index, data[at + _HEAD.size : end]
            at = end
        left = data[at:]
    if left:
        raise LedgerError("a memory journal is cut off; start over with --fresh")
