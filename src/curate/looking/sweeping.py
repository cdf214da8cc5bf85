"""What a step would hit at other thresholds, from the scores in the ledger alone."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from curate import ledger
from curate.api import Rule
from curate.ledger import Entry, Look
from curate.looking import thresholds
from curate.looking.choosing import check_step
from curate.looking.rewrites import is_new
from curate.looking.rules import step_rules


@dataclass(frozen=True, slots=True)
class Example:
    """A record near a threshold."""

    score: float
    index: int
    file: str
    line: int
    id: str


@dataclass(slots=True)
class Point:
    """What the step would do by another rule."""

    rule: Rule
    hits: int = 0
    hits_dropped: int = 0
    """Of the hits: records that the run as it is dropped, by this step or another."""
    hits_rewritten: int = 0
    """Of the hits: records to which this step, in the run as it is, gave a new text."""
    inside: list[Example] = field(default_factory=list)
    """The hits closest to the threshold, the closest first."""
    outside: list[Example] = field(default_factory=list)
    """The closest records that are no hits."""


@dataclass(slots=True)
class Sweep:
    """Every threshold asked about, and what the step never saw."""

    step: str
    rule: Rule
    """The rule of the run."""
    do: str
    """What the step does with a hit: `flag`, `drop` or `rewrite`."""
    points: list[Point]
    scored: int = 0
    abstained: int = 0
    dropped_before: int = 0
    """Records that were dropped before this step could see them."""
    quarantined_before: int = 0
    """Records that were quarantined before this step could score them, or as it failed."""
    rewritten_before: int = 0
    """Of the scored: records to which an earlier step gave a new text, the one that was scored."""

    def dump(self) -> dict[str, Any]:
        """Return the sweep as JSON."""
        return asdict(self) | {
            "rule": self.rule.model_dump(exclude_none=True),
            "points": [self._dump(point) for point in self.points],
        }

    def _dump(self, point: Point) -> dict[str, Any]:
        return asdict(point) | {
            "rule": point.rule.model_dump(exclude_none=True),
            "as_run": point.rule == self.rule,
            "share": point.hits / self.scored if self.scored else None,
        }


def sweep(run: Path, step: str, at: Sequence[str] = (), examples: int = 2) -> Sweep:
    """Return what `step` would hit at each threshold.

    Args:
        run: A run directory.
        step: The step's name.
        at: Thresholds as a user writes them: `0.5`, or `0.1,0.9` for a step whose rule is
            `outside`. None given: quantiles of the scores. The run's own is always among them.
        examples: How many records to name on each side of a threshold.

    Raises:
        UsageError: there is no such step, or a threshold does not fit its rule.
    """
    facts = ledger.summary(run)
    check_step(facts, step)
    do = next(each["do"] for each in facts["steps"] if each["name"] == step)
    rule = step_rules(facts)[step].rule
    others = [thresholds.moved(rule, each) for each in at] if at else _spread(run, step, rule)
    unique = sorted({thresholds.bounds(each): each for each in [*others, rule]}.items())
    found = Sweep(step, rule, do, [Point(each) for _, each in unique])
    near = [(_Nearest(examples), _Nearest(examples)) for _ in unique]
    for entry, look in _looks(run, step):
        _count(found, near, entry, look)
    for point, (inside, outside) in zip(found.points, near, strict=True):
        point.inside, point.outside = inside.examples(), outside.examples()
    return found


def _spread(run: Path, step: str, rule: Rule) -> list[Rule]:
    scores = (look.score for _, look in _looks(run, step) if look and look.score is not None)
    return thresholds.spread(rule, scores)


def _looks(run: Path, step: str) -> Iterator[tuple[Entry, Look | None]]:
    """Yield every entry with what the step saw in it."""
    for entry in ledger.entries(run):
        yield entry, next((look for look in entry.trail if look.step == step), None)


class _Nearest:
    """The few examples with the smallest distance; among equals, the first of the input."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int, Example]] = []

    def offer(self, distance: float, entry: Entry, score: float) -> None:
        key = (-distance, -entry.index)
        full = len(self._heap) >= self._size
        if full and (not self._heap or key < self._heap[0][:2]):
            return
        example = Example(score, entry.index, entry.file, entry.line, entry.id)
        (heapq.heapreplace if full else heapq.heappush)(self._heap, (*key, example))

    def examples(self) -> list[Example]:
        return [example for _, _, example in sorted(self._heap, reverse=True)]


def _count(
    found: Sweep, near: Sequence[tuple[_Nearest, _Nearest]], entry: Entry, look: Look | None
) -> None:
    if look is None:
        found.dropped_before += entry.fate == "dropped"
        found.quarantined_before += entry.fate == "quarantined"
    elif look.score is None:
        found.abstained += 1
    else:
        found.scored += 1
        found.rewritten_before += _was_rewritten(entry, look)
        for point, (inside, outside) in zip(found.points, near, strict=True):
            hit = point.rule.hit(look.score)
            point.hits += hit
            point.hits_dropped += hit and entry.fate == "dropped"
            point.hits_rewritten += hit and is_new(look)
            side = inside if hit else outside
            side.offer(thresholds.distance(point.rule, look.score), entry, look.score)


def _was_rewritten(entry: Entry, look: Look) -> bool:
    """Say whether a step before this look gave the record a new text."""
    before = takewhile(lambda other: other is not look, entry.trail)
    return any(is_new(other) for other in before)
