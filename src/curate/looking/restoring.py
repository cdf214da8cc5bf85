"""The inputs of a run, given back from the run directory alone and held against their hashes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from curate import ledger
from curate.errors import InputError, LedgerError
from curate.io.counted import Counted
from curate.ledger import REPLACED, RUN, Entry
from curate.looking.array_text import array_text
from curate.looking.extents import Extent, difference, extents
from curate.looking.hashed_lines import has_digest
from curate.records import BLANK

Outcome = Literal["identical", "elements", "rows", "cut", "unread"]
"""identical: every byte as it was read, by its hash. elements: a JSON array of the same elements;
what stood between them is in no run directory. rows: every row of a table as the JSON line that
was read of it, by their hash; the table itself is in no run directory. cut: the lines that
`--limit` let the run read. unread: nothing, because the run read nothing of it."""
Line = tuple[int, tuple[Entry | None, bytes]]
"""Index in the run, entry (None: a blank line), the line as it was read."""


@dataclass(frozen=True, slots=True)
class Restored:
    """One input, given back."""

    input: str
    file: str | None
    """Where it is now; None: in no file."""
    outcome: Outcome
    lines: int
    bytes: int
    sha256: str
    """Of what was given back."""

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


class Restoration:
    """Gives back the inputs of a finished run, one after the other.

    Args:
        run: The run directory.

    Raises:
        InputError: it is no run directory, the run is not finished, or it kept no originals.
        LedgerError: `run.json` is not what a run writes.
    """

    def __init__(self, run: Path) -> None:
        facts = ledger.summary(run)
        self.run, self.extents = run, _extents(run, facts)
        self._lines: Iterator[Line] = enumerate(ledger.originals(run))

    def give(
        self, extent: Extent, write: Callable[[bytes], object], file: Path | None = None
    ) -> Restored:
        """Write the bytes of the next of `extents`.

        Args:
            extent: The input.
            write: Gets its bytes in order, in pieces.
            file: Where they are going to be.

        Raises:
            LedgerError: they are not what was read, so that nothing written may be used.
        """
        counted = Counted()
        for piece in self._pieces(extent):
            counted.add(piece)
            write(piece)
        sha256 = counted.facts()["sha256"]
        outcome = _outcome(extent, sha256)
        if outcome is None:
            raise LedgerError(
                f"{self.run}: what it has of {extent.name} is not what was read: its sha256 is "
                f"{sha256}, that of the input was {extent.sha256}; see `curate verify`"
            )
        where = None if file is None else str(file)
        return Restored(extent.name, where, outcome, extent.lines, counted.bytes, sha256)

    def _pieces(self, extent: Extent) -> Iterator[bytes]:
        yield extent.head
        lines = islice(self._lines, extent.lines)
        if extent.is_array and extent.size != 0:
            yield from array_text(self._checked(extent, lines))
        elif extent.whole:
            yield from (extent.as_read(index, line) for index, (_, line) in lines)
        else:
            yield from self._checked(extent, lines)

    def _checked(self, extent: Extent, lines: Iterator[Line]) -> Iterator[bytes]:
        """Yield the lines of an input that has no hash to check; each is held against its entry.

        Raises:
            LedgerError: a line is another than was read, or missing.
        """
        stop = extent.start
        for index, (entry, line) in lines:
            if not (has_digest(line, entry.digest) if entry else not line.strip(BLANK)):
                break
            yield line
            stop = index + 1
        if stop != extent.stop:
            place = f"{extent.name}:{stop - extent.start + 1}"
            raise LedgerError(f"{self.run}: its line of {place} is not what was read")


def _extents(run: Path, facts: Mapping[str, Any]) -> list[Extent]:
    try:
        if REPLACED not in facts["outputs"]:
            raise InputError(f"{run}: an earlier curate wrote it, which kept no originals")
        if what := difference(facts):
            raise LedgerError(f"{run / RUN}: {what}")
        return extents(facts)
    except (KeyError, TypeError, AttributeError) as error:
        told = f"{type(error).__name__}: {error}"
        raise LedgerError(f"{run / RUN}: is not what a run writes ({told})") from error


def _outcome(extent: Extent, sha256: str) -> Outcome | None:
    """Return how much was given back; None where it is not what was read."""
    if not extent.read:
        return "unread"
    if not extent.whole:
        return "cut"
    if sha256 == extent.sha256:
        return "rows" if extent.is_table else "identical"
    return "elements" if extent.is_array else None
