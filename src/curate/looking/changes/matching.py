"""Records of two runs that are the same line, side by side.

Both ledgers are read at once. Records that stand at the same place with the same bytes meet there;
all others wait on disk, in buckets by the beginning of their digest, and meet bucket by bucket. So
memory holds one bucket of each run, a 64th of the records that wait. (Equal rows share a bucket:
where most rows of a corpus are equal, memory grows with them.)
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from curate.errors import LedgerError
from curate.ledger import LEDGER, Entry, entry, numbered
from curate.records import Unreadable

BUCKETS = 64


class Pair(NamedTuple):
    """What two runs say of one line; None where a run did not read it."""

    one: Entry | None
    other: Entry | None


def pairs(one: Path, other: Path) -> Iterator[Pair]:
    """Yield every record of either run once, with its counterpart.

    Records match by the digest of the line as it was read, each with one other. Where a digest
    repeats, records of the same file and line match first, and the rest in input order.

    Raises:
        LedgerError: a ledger is missing, or a line of it is damaged.
    """
    with TemporaryDirectory(prefix="curate-") as folder:
        left, right = Path(folder, "one"), Path(folder, "other")
        yield from _side_by_side(one, other, left, right)
        for n in range(BUCKETS):
            yield from matched(_bucket(left, n), _bucket(right, n))


def matched(ones: Iterable[Entry], others: Iterable[Entry]) -> Iterator[Pair]:
    """Yield the pairs of records that are all in memory."""
    groups: defaultdict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((ones, others)):
        for each in entries:
            groups[each.digest][side].append(each)
    for group in groups.values():
        yield from _group(*group)


def _group(ones: list[Entry], others: list[Entry]) -> Iterator[Pair]:
    """Yield the pairs of records with one digest: by place, then in order, then those alone."""
    by_place: defaultdict[tuple[str, int], deque[Entry]] = defaultdict(deque)
    for each in others:
        by_place[each.file, each.line].append(each)
    left: list[Entry] = []
    for each in ones:
        there = by_place.get((each.file, each.line))
        if there:
            yield Pair(each, there.popleft())
        else:
            left.append(each)
    rest = sorted((each for each in _all(by_place.values())), key=lambda each: each.index)
    yield from (Pair(*each) for each in zip_longest(left, rest))


def _all(queues: Iterable[deque[Entry]]) -> Iterator[Entry]:
    for queue in queues:
        yield from queue


def _side_by_side(one: Path, other: Path, left: Path, right: Path) -> Iterator[Pair]:
    """Yield the pairs that stand at the same place; have the other records wait."""
    with ExitStack() as stack:
        waiting = [_opened(stack, folder) for folder in (left, right)]
        for sides in zip_longest(_lines(one), _lines(other)):
            first, second = sides
            if first and second and _same(first[1], second[1]):
                yield Pair(first[1], second[1])
                continue
            for files, side in zip(waiting, sides, strict=True):
                if side is not None:
                    line, found = side
                    files[int(found.digest[:2], 16) % BUCKETS].write(line)


def _same(one: Entry, other: Entry) -> bool:
    return (one.digest, one.file, one.line) == (other.digest, other.file, other.line)


def _opened(stack: ExitStack, folder: Path) -> list[BinaryIO]:
    folder.mkdir()
    return [stack.enter_context((folder / str(n)).open("wb")) for n in range(BUCKETS)]


def _bucket(folder: Path, n: int) -> Iterator[Entry]:
    with (folder / str(n)).open("rb") as lines:
        yield from map(entry, lines)


def _lines(run: Path) -> Iterator[tuple[bytes, Entry]]:
    """Yield the lines of a ledger, with what they say."""
    for path, number, line in numbered(run, LEDGER):
        try:
            found = entry(line)
            int(found.digest[:2], 16)
        except (Unreadable, TypeError, KeyError, AttributeError, ValueError) as error:
            what = f"{path}:{number}: damaged ({error}); see `curate verify`"
            raise LedgerError(what) from None
        yield line, found
