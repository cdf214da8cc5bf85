"""Watching rows go by: what is counted, what each rule holds against them, which are findings.

A row is looked at closely only where a step hit it, it was not kept, or its teacher is not wanted;
all others are counted. Of findings that no format could hold only the number is known.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from curate.gate.authors import Author
from curate.gate.baseline import Accepted, Baseline
from curate.gate.describing import Row
from curate.gate.findings import Finding, Sighting, fingerprint
from curate.gate.policy import Named
from curate.gate.rules import Audit, Comparison, Rule, Teachers
from curate.ledger import READER, Entry
from curate.visible import visible

Tell = Callable[[Finding], None]
"""Called with a finding as soon as it is sure that its rule fails."""
TEACHER = "(teacher)"
"""Who saw a teacher: no step can have such a name in a rule without quotes."""
NOBODY = "unknown"
LISTED = 24_999
"""Findings listed at most: GitHub takes 25,000 results, and one says what was left out."""


@dataclass(slots=True)
class Tally:
    """What one rule found so far."""

    named: Named
    count: int = 0
    """Rows that are not in the baseline."""
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, Accepted] = field(default_factory=dict)
    """What a baseline would have to hold, where one is being made."""

    @property
    def bars(self) -> bool:
        """Whether every finding is sure to stay one."""
        rule = self.named.rule
        return rule.bars if isinstance(rule, Comparison) else isinstance(rule, Teachers)


class Watch:
    """Counts rows and collects findings.

    Args:
        rules: The rules.
        baseline: What was accepted.
        tell: Told findings as they are found.
        listed: How many are listed.
        accepting: Remember every fingerprint, for a baseline.
    """

    def __init__(
        self,
        rules: Sequence[Named],
        baseline: Baseline,
        tell: Tell,
        *,
        listed: int = LISTED,
        accepting: bool = False,
    ) -> None:
        self.tallies = [Tally(each) for each in rules]
        self.capping = [t for t in self.tallies if caps(t.named.rule)]
        self.listed = max(listed // max(len(self.capping), 1), 1)
        self.baseline, self.tell, self.accepting = baseline, tell, accepting
        self.fates: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.teachers: Counter[str | None] = Counter()
        self.hidden: set[str] = set()
        """Teachers whose names are not to be told."""
        self.unreadable = 0
        self.cut: list[str] = []
        """Arrays that could not be split to their end."""
        self.strangers = 0
        """Kept rows that are no records, where somebody looked."""
        self.names_teachers = any(asks_teachers(each.rule) for each in rules)

    def unwanted(self, teacher: str | None) -> bool:
        """Count a kept row's teacher; say whether a rule has something against it."""
        self.teachers[teacher] += 1
        sighting = _by(teacher)
        return any(against(tally.named.rule, sighting) for tally in self.capping)

    def take(self, entry: Entry, row: Row, author: Author | None) -> None:
        """Take a row that may have findings.

        Args:
            entry: What became of it.
            row: Describes it, if need be.
            author: Who wrote it, where it was kept and a rule asks.
        """
        if entry.by == READER and row.is_rest:
            self.cut.append(visible(entry.file))
        if author is not None and author.name is not None and row.hides(author.name):
            self.hidden.add(author.name)
        self.hits.update(look.step for look in entry.trail if look.hit)
        for sighting in _sightings(entry, author):
            for tally in self.capping:
                if against(tally.named.rule, sighting):
                    self._enter(tally, entry, sighting, row)

    def _enter(self, tally: Tally, entry: Entry, sighting: Sighting, row: Row) -> None:
        key = fingerprint(entry.digest, sighting)
        allowed = self.baseline.allows(key)
        room = len(tally.findings) < self.listed
        if allowed or room:
            tally.seen[key] += 1
        if self.accepting:
            self._accept(tally, row.finding(tally.named, sighting, key, 1))
        if allowed and tally.seen[key] <= allowed:
            tally.known += 1
            return
        tally.count += 1
        if room:
            finding = row.finding(tally.named, sighting, key, tally.seen[key])
            tally.findings.append(finding)
            if tally.bars:
                self.tell(finding)

    def _accept(self, tally: Tally, finding: Finding) -> None:
        known = tally.accepted.get(finding.fingerprint)
        tally.accepted[finding.fingerprint] = Accepted(
            step=finding.step,
            reason=finding.reason,
            digest=finding.digest,
            fingerprint=finding.fingerprint,
            file=known.file if known else finding.file,
            count=known.count + 1 if known else 1,
        )

    @property
    def seen(self) -> Mapping[str, int]:
        """How often each fingerprint was found, by the rule that found it most often."""
        most: Counter[str] = Counter()
        for tally in self.tallies:
            most |= tally.seen
        return most


def caps(rule: Rule) -> bool:
    """Say whether rows can be findings of a rule."""
    return rule.caps if isinstance(rule, Comparison) else isinstance(rule, Teachers)


def asks_teachers(rule: Rule) -> bool:
    """Say whether a rule needs to know who wrote the rows."""
    if isinstance(rule, Comparison):
        return rule.measure.kind == "teacher"
    return isinstance(rule, Teachers)


def against(rule: Rule, sighting: Sighting) -> bool:
    """Say whether a rule counts what was seen in a row."""
    match rule:
        case Comparison(measure=measure):
            same = measure.name == sighting.name or measure.kind not in ("hits", "teacher")
            return measure.kind == sighting.kind and same
        case Teachers(allows=allows, names=names) if sighting.kind == "teacher":
            name = sighting.name
            listed = name is not None and any(fnmatchcase(name, glob) for glob in names)
            return listed != allows
        case Teachers() | Audit():
            return False


def _by(teacher: str | None) -> Sighting:
    return Sighting("teacher", teacher, TEACHER, NOBODY if teacher is None else f"by {teacher}")


def _sightings(entry: Entry, author: Author | None) -> Iterator[Sighting]:
    """Yield all that a rule may hold against a row."""
    for look in entry.trail:
        if look.hit:
            yield Sighting("hits", look.step, look.step, look.reason)
    if entry.fate == "dropped":
        reasons = (look.reason for look in entry.trail if look.step == entry.by)
        yield Sighting("dropped", None, entry.by, next(reasons, ""))
    elif entry.fate == "quarantined":
        yield Sighting("quarantined", None, entry.by, entry.reason)
        if entry.by == READER:
            yield Sighting("unreadable", None, entry.by, entry.reason)
    elif author is not None:
        yield _by(author.name)
