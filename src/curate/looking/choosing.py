"""Choosing records of a run to look at: a fair sample of those wanted, or those with a name."""

import hashlib
import heapq
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from curate import ledger
from curate.errors import UsageError, suggest
from curate.ledger import Entry, Fate
from curate.looking.lines import Line, lines
from curate.looking.rewrites import reasons

CANDIDATES = 200
"""How many ids are compared closely with one that does not exist."""


class Chosen(NamedTuple):
    """Some of the records asked for, in input order, and how many there are in all."""

    lines: list[Line]
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are looked at; an empty field restricts nothing."""

    fates: frozenset[Fate] = frozenset()
    step: str = ""
    """A step that hit, dropped or quarantined the record (or `reader`)."""
    reason: str = ""
    """What a step (that step) gave as its reason, hit or not, why a text was not rewritten or a
    new one refused, or why the record was quarantined."""
    rewritten: bool = False
    """Only records whose row is not the line that was read."""

    def __call__(self, entry: Entry) -> bool:
        """Say whether an entry is wanted."""
        if self.fates and entry.fate not in self.fates:
            return False
        if self.rewritten and not entry.written:
            return False
        if not self.step and not self.reason:
            return True
        if self.step in ("", entry.by) and self.reason in ("", entry.reason) and entry.by:
            return True
        return any(
            self.reason in reasons(look) if self.reason else look.hit
            for look in entry.trail
            if self.step in ("", look.step)
        )


def check_step(facts: Mapping[str, Any], step: str, *others: str) -> None:
    """Check that the run has a step of that name, or that it is one of `others`.

    Raises:
        UsageError: it has not; the message names the closest.
    """
    known = [*(each["name"] for each in facts["steps"]), *others]
    if step not in known:
        raise UsageError(f"the run has no step {step!r}{suggest(step, known)}")


def sample(run: Path, wanted: Wanted, count: int, seed: int) -> Chosen:
    """Return `count` random records among those wanted.

    The draw depends on the seed and on each record's index alone: a larger count adds to the
    smaller one's records, and a record drawn without `wanted` is drawn with it.

    Raises:
        UsageError: no step of the run ever gave the reason asked for.
    """
    heap: list[tuple[int, int, Line]] = []
    total = 0
    given: set[str] = set()
    for line in lines(run):
        entry = line.entry
        if wanted.reason:
            given.update(_reasons(entry, wanted.step))
        if not wanted(entry):
            continue
        total += 1
        item = (-_draw(seed, entry.index), entry.index, line)
        if len(heap) < count:
            heapq.heappush(heap, item)
        elif item > heap[0]:
            heapq.heapreplace(heap, item)
    if wanted.reason and wanted.reason not in given:
        raise UsageError(
            f"no step gave the reason {wanted.reason!r}{suggest(wanted.reason, given)}"
        )
    return Chosen([item[2] for item in sorted(heap, key=lambda item: item[1])], total)


def find(run: Path, wanted: Wanted, name: str, count: int) -> Chosen:
    """Return the first `count` of the records wanted that go by `name`.

    A name is an id, `#INDEX`, `FILE:LINE`, or the first 6 or more hex digits of a digest. Ids need
    not be unique: several teachers may have answered one prompt.

    Raises:
        UsageError: nothing goes by that name; the message has ids close to it.
    """
    goes_by = _goes_by(name)
    found: list[Line] = []
    total = unwanted = 0
    for line in lines(run):
        if not goes_by(line.entry):
            continue
        if not wanted(line.entry):
            unwanted += 1
            continue
        total += 1
        if total <= count:
            found.append(line)
    if not total and not unwanted:
        raise UsageError(f"{run}: no record {name!r}{_close_ids(run, name)}")
    return Chosen(found, total)


def _goes_by(name: str) -> Callable[[Entry], bool]:
    index = int(name[1:]) if re.fullmatch(r"#\d{1,18}", name) else -1
    file, colon, line = name.rpartition(":")
    number = int(line) if colon and re.fullmatch(r"\d{1,18}", line) else -1
    prefix = name.lower() if re.fullmatch(r"[0-9a-fA-F]{6,32}", name) else "no digest"
    return lambda entry: (
        entry.id == name
        or entry.index == index
        or (entry.line == number and entry.file == file)
        or entry.digest.startswith(prefix)
        or entry.written.startswith(prefix)
    )


def _draw(seed: int, index: int) -> int:
    return int.from_bytes(hashlib.blake2b(b"%d:%d" % (seed, index), digest_size=8).digest(), "big")


def _reasons(entry: Entry, step: str) -> Iterator[str]:
    """Yield the reasons a step (or any) gave for a record."""
    if entry.reason and step in ("", entry.by):
        yield entry.reason
    for look in entry.trail:
        if step in ("", look.step):
            yield from reasons(look)


def _close_ids(run: Path, name: str) -> str:
    """Return `; close: …` with ids like `name`, among those that begin most like it."""
    beginning = heapq.nlargest(
        CANDIDATES,
        (entry.id for entry in ledger.entries(run)),
        key=lambda known: _in_common(known, name),
    )
    close = get_close_matches(name, set(beginning), n=3, cutoff=0.6)
    return f"; close: {', '.join(close)}" if close else "; give an id, '#INDEX' or FILE:LINE"


def _in_common(one: str, other: str) -> int:
    """Return with how many characters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
