"""Chance: a number for every record that does not depend on workers, batches or the run."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import ClassVar

from curate.api import Context, Filter, Judge, Record, Rule, Signer, Verdict
from curate.errors import UsageError

DRAWN = Verdict(1.0, "drawn")
MISSED = Verdict(0.0)
_HALF = 8
_WHOLE = 2 * _HALF


class Draw:
    """Gives every record 16 bytes at random, the same for the same seed and number of the draw.

    The first half is a hash of the line's bytes and its position in its file, so a repeat of a
    line is drawn on its own, and the folder a corpus lies in decides nothing. Only where two files
    have the same bytes on the same line do their names, the second half, tell them apart. The
    bytes are those that were read: that a record was rewritten decides nothing either.
    """

    def __init__(self, seed: int, draw: int) -> None:
        key = hashlib.sha256(b"select %d %d" % (seed, draw)).digest()
        self._own = hashlib.blake2b(key=key, digest_size=_HALF)
        self._file = lru_cache(maxsize=64)(self._hash)

    def __call__(self, record: Record) -> bytes:
        """Return the record's bytes."""
        own = self._hash(f"{record.line} {record.origin}")
        return own + self._file(record.file)

    def part(self, record: Record) -> float:
        """Return the record's place between 0 and 1, 1 excluded."""
        return (int.from_bytes(self(record)[:_HALF], "big") >> 11) / (1 << 53)

    def _hash(self, text: str) -> bytes:
        hashed = self._own.copy()  # sooner than to set up the key again
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.digest()


class Size:
    """The study of a draw of a given size: how low a record's bytes must be to be in it.

    Args:
        seed, draw: As in `Draw`.
        like: The step whose number of hits is the size, for the message.
    """

    def __init__(self, seed: int, draw: int, like: str) -> None:
        self._seed, self._draw, self._like = seed, draw, like
        self._notes = bytearray()

    def add(self, note: bytes) -> None:
        """Take in a record's bytes."""
        self._notes += note

    def learn(self, hits: int | None) -> "Drawn":
        """Return the filter that hits exactly as many records as the other step did.

        Raises:
            UsageError: there are fewer.
        """
        size, there = hits or 0, len(self._notes) // _WHOLE
        if size > there:
            raise UsageError(
                f"random_like: {self._like!r} hit {size:,} records, but only {there:,} are left "
                f"to draw from here; let {self._like!r} flag its hits instead of dropping them, "
                "move this step up, or take away its `only:`"
            )
        highest = sorted(self._each())[size - 1] if size else b""
        return Drawn(seed=self._seed, draw=self._draw, highest=highest.hex())

    def _each(self) -> Iterator[bytes]:
        for at in range(0, len(self._notes), _WHOLE):
            yield bytes(self._notes[at : at + _WHOLE])


class Drawn(Filter):
    """Scores 1 the records whose bytes in a draw are at most `highest` (in hex), else 0."""

    name: ClassVar[str] = "select"
    rule: ClassVar[Rule] = Rule(at_least=1.0)

    seed: int
    draw: int
    highest: str

    def selects(self) -> bool:
        """Say that it picks records by chance."""
        return True

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002
        """Yield the judge."""
        draw, highest = Draw(self.seed, self.draw), bytes.fromhex(self.highest)
        return nullcontext(lambda rs: [DRAWN if draw(r) <= highest else MISSED for r in rs])


def noter(seed: int, draw: int) -> AbstractContextManager[Signer]:
    """Yield what notes a record's bytes in a draw."""
    number = Draw(seed, draw)

    def note(records: Sequence[Record]) -> list[bytes]:
        return [number(record) for record in records]

    return nullcontext(note)
