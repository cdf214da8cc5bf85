"""A sample of records that depends on what they are, never on their order."""

import heapq
from collections.abc import Sequence

from curate.records import Record

SIZE = 2000


class Sample:
    """Keeps the records whose lines have the lowest hashes; memory: `size` lines."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._kept: list[tuple[int, int, Record]] = []
        self._seen = 0

    def add(self, record: Record) -> None:
        """Keep the record if its hash is among the lowest so far."""
        self._seen += 1
        entry = (-int(record.digest, 16), -self._seen, record)
        if len(self._kept) < self._size:
            heapq.heappush(self._kept, entry)
        elif entry > self._kept[0]:
            heapq.heapreplace(self._kept, entry)

    def records(self) -> Sequence[Record]:
        """Return the records in the order in which they came."""
        return [record for _, _, record in sorted(self._kept, key=lambda entry: -entry[1])]
