"""What a report says of a run, as data: what `--json` prints, and pages and cards are made from.

Every text is safe to print (`curate.visible`), and what steps marked as sensitive is masked in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from curate.report.shown import Example, Part

FORMAT = 1
"""Version of these data."""


class Reason(Part):
    """A reason that a step gave, with its records and how many of them are hits."""

    reason: str
    records: int
    hits: int


class Bin(Part):
    """Scores from `low` to before `high`, or exactly `low` where both are equal."""

    low: float
    high: float
    count: int


class Scores(Part):
    """The scores a step gave. `below` and `above` lie outside the bins: the rarest few."""

    bins: tuple[Bin, ...]
    below: int = 0
    above: int = 0
    lowest: float
    highest: float


class Rewriting(Part):
    """What became of the hits of a step that rewrites."""

    use: str
    version: str
    otherwise: str
    outcomes: Mapping[str, int]
    """`rewritten`, or what the plan says instead -> hits."""
    reasons: Mapping[str, int]
    """Why hits were not rewritten."""
    refused: Mapping[str, int]
    """Why texts were not taken."""
    teachers: tuple[tuple[str | None, str | None, int], ...]
    """Old teacher, new teacher, rows; most first."""


class Step(Part):
    """One step and what it did."""

    name: str
    use: str
    version: str
    distribution: str
    rule: str
    kind: Literal["at_least", "at_most", "outside"]
    bounds: tuple[float, ...]
    """The rule's threshold, or its two."""
    do: str
    only: str | None = None
    """The step whose hits it judges; by default, it judges every record."""
    seen: int
    hits: int
    abstained: int
    dropped: int
    quarantined: int
    errors: int
    left: int
    """Records that are neither dropped nor quarantined after it."""
    reasons: tuple[Reason, ...]
    """The commonest first."""
    other_reasons: int
    """Records whose reason is not listed."""
    scores: Scores | None
    """None where it scored nothing."""
    rewriting: Rewriting | None = None
    examples: tuple[Example, ...]
    """A few of its hits: those it dropped, where it drops, those with a new text, where it
    rewrites."""


class Share(Part):
    """Rows of one source by one teacher; None where rows name none."""

    source: str | None
    teacher: str | None
    read: int
    kept: int


class Written(Part):
    """Characters of answers by one teacher, in a run that rewrites."""

    teacher: str | None
    characters_read: int
    characters_kept: int


class Conversion(Part):
    """A column of a table, and what JSON made of it."""

    path: str
    type: str
    said: str


class Fates(Part):
    """What became of the records of one input."""

    read: int
    kept: int
    dropped: int
    quarantined: int


class InputFile(Part):
    """One input."""

    name: str
    format: str
    shape: str | None
    lines: int | None
    bytes: int | None
    sha256: str | None
    """Of its decompressed bytes, where it was read to its end."""
    fates: Fates | None = None
    """None where the run did not count them for each input."""
    converted: tuple[Conversion, ...] = ()
    nulls: tuple[tuple[str, int, int], ...] = ()
    """Column, nulls (or keys there were not), of how many."""
    notes: tuple[str, ...] = ()
    more: int = 0
    """Conversions and nulls that are not listed."""


class Output(Part):
    """One file of the run directory."""

    name: str
    lines: int
    bytes: int
    sha256: str


class Quarantine(Part):
    """Rows that were set aside, by who did it and why."""

    by: str
    reason: str
    records: int


class Audit(Part):
    """One audit, as its command wrote it."""

    file: str
    kind: str
    report: Mapping[str, Any]


class Sum(NamedTuple):
    """Rows of one teacher, or of one source."""

    name: str | None
    read: int
    kept: int


class Report(Part):
    """The whole report."""

    format: int = FORMAT
    curate: str
    """The version that made the run."""
    run: str
    status: str
    over_budget: tuple[str, ...]
    plan_digest: str
    plan: str
    plan_left_out: int
    """Characters of the plan that are not here."""
    limit: int | None
    """Lines that were read at most, over all inputs."""
    counts: Mapping[str, int]
    inputs: tuple[InputFile, ...]
    """Of many, those with most records."""
    inputs_left_out: int
    outputs: tuple[Output, ...]
    files: Mapping[str, Mapping[str, str]]
    """Step -> file or model that decides its results -> hash."""
    steps: tuple[Step, ...]
    together: tuple[tuple[int, ...], ...]
    """Hits that two steps share."""
    alone: tuple[int, ...]
    """Hits of one step only."""
    shares: tuple[Share, ...]
    """Who wrote the rows, by source; the commonest first."""
    written: tuple[Written, ...]
    quarantine: tuple[Quarantine, ...]
    quarantined: tuple[Example, ...]
    """A few of the rows that were set aside."""
    masked: bool
    audits: tuple[Audit, ...] = ()

    @property
    def rewritten(self) -> int:
        """Hits that got a new text; a record may be counted for several steps."""
        told = (step.rewriting for step in self.steps)
        return sum(each.outcomes["rewritten"] for each in told if each is not None)

    def teachers(self) -> list[Sum]:
        """Return who wrote how many rows, most first."""
        return _summed((each.teacher, each) for each in self.shares)

    def sources(self) -> list[Sum]:
        """Return how many rows come from where, most first."""
        return _summed((each.source, each) for each in self.shares)


def _summed(shares: Iterable[tuple[str | None, Share]]) -> list[Sum]:
    found: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for name, each in shares:
        found[name][0] += each.read
        found[name][1] += each.kept
    sums = [Sum(name, read, kept) for name, (read, kept) in found.items()]
    return sorted(sums, key=lambda each: (-each.read - each.kept, str(each.name)))
