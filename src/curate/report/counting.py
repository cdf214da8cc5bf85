"""What the ledger and the rows of a run tell, counted in one pass."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from curate.ledger import Entry, Look
from curate.looking.few import Few
from curate.looking.lines import Line
from curate.looking.rewrites import is_new
from curate.looking.views import Views
from curate.records import Record, Unreadable, View
from curate.report.hidden import Hidden
from curate.report.scores import Histogram

EXAMPLES = 3
"""Records shown of each step."""
SET_ASIDE = 5
"""Quarantined records shown."""
NAMES = 1000
"""More different reasons, or pairs of source and teacher, than that are counted together."""
OTHERS = "(others)"


class StepCount:
    """What one step said of the records it saw."""

    def __init__(self, do: str) -> None:
        self._do = do
        self.histogram = Histogram()
        self.reasons: Counter[tuple[str, bool]] = Counter()
        """Reason and whether it was a hit -> records."""
        self.few: Few[Line] = Few(EXAMPLES)

    def add(self, look: Look, line: Line) -> None:
        """Count what it said of one record."""
        if look.score is not None:
            self.histogram.add(look.score)
        if look.reason:
            key = (look.reason, look.hit)
            known = key in self.reasons or len(self.reasons) < NAMES
            self.reasons[key if known else (OTHERS, look.hit)] += 1
        if self._shows(look, line.entry):
            self.few.offer(line.entry.digest, line)

    def _shows(self, look: Look, entry: Entry) -> bool:
        """Say whether the record is an example of what the step does to its hits."""
        if self._do == "rewrite":
            return is_new(look)
        return entry.by == look.step and entry.fate == "dropped" if self._do == "drop" else look.hit


class Count:
    """Counts the records of a run.

    Args:
        facts: The run's `run.json`.
        hidden: Learns what must not be told.
    """

    def __init__(self, facts: Mapping[str, Any], hidden: Hidden) -> None:
        self.steps = {step["name"]: StepCount(step["do"]) for step in facts["steps"]}
        self.read: Counter[tuple[str | None, str | None]] = Counter()
        """Source and teacher -> rows that were read."""
        self.kept: Counter[tuple[str | None, str | None]] = Counter()
        self.quarantine: Counter[tuple[str, str]] = Counter()
        """Who set rows aside, and why -> rows."""
        self.quarantined: Few[Line] = Few(SET_ASIDE)
        self._hidden = hidden
        self._views = Views(facts)
        self._by_file: dict[str, View] = {}

    def add(self, line: Line) -> None:
        """Count one record."""
        entry = line.entry
        for look in entry.trail:
            self.steps[look.step].add(look, line)
        if entry.fate == "quarantined":
            key = (entry.by, entry.reason)
            known = key in self.quarantine or len(self.quarantine) < NAMES
            self.quarantine[key if known else (entry.by, OTHERS)] += 1
            self.quarantined.offer(line.entry.digest, line)
        self._hidden.add(line, self._views)
        self._share(line)

    def _share(self, line: Line) -> None:
        """Count who wrote the record, as it was read and as it is kept."""
        entry = line.entry
        record = Record(line.row, entry.line, entry.file, self._view(line))
        try:
            source, teacher = record.source, record.teacher
        except Unreadable:
            return
        told = [look.rewrite["teacher"] for look in entry.trail if is_new(look)]
        self.read[self._known(source, told[0]["from"] if told else teacher)] += 1
        if entry.fate == "kept":
            self.kept[self._known(source, told[-1]["to"] if told else teacher)] += 1

    def _known(self, source: str | None, teacher: str | None) -> tuple[str | None, str | None]:
        key = (source, teacher)
        known = key in self.read or key in self.kept or len(self.read) + len(self.kept) < NAMES
        return key if known else (OTHERS, OTHERS)

    def _view(self, line: Line) -> View:
        """Return the view of the record's file; where a row names its teacher is all it is for."""
        view = self._by_file.get(line.entry.file)
        if view is None:
            view = self._by_file[line.entry.file] = self._views.of(line)
        return view
