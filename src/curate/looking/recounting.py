"""The numbers of `run.json`, counted again from the ledger's entries."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from curate.ledger import FATES, READER, Entry
from curate.looking.extents import extents
from curate.looking.rewrites import Rewrites
from curate.looking.rules import step_rules


class Recount:
    """Counts entries and says where `run.json` has other numbers.

    Args:
        facts: The run's `run.json`.
    """

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self._names = [step["name"] for step in facts["steps"]]
        self._bits = {name: 1 << n for n, name in enumerate(self._names)}
        self.blank = self.crlf = 0
        """Of the lines read; set from outside, because no entry tells."""
        self._extents = extents(facts)
        self._stops = [extent.stop for extent in self._extents]
        self._files: Counter[tuple[int, str]] = Counter()
        self.fates: Counter[str] = Counter()
        self._by: Counter[tuple[str, str]] = Counter()
        self._seen: Counter[str] = Counter()
        self._abstained: Counter[str] = Counter()
        self._together: Counter[int] = Counter()
        self._rewrites = {
            name: Rewrites() for name, rules in step_rules(facts).items() if rules.rewrites
        }

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        self.fates[entry.fate] += 1
        self._files[bisect_right(self._stops, entry.index), entry.fate] += 1
        hits = 0
        for look in entry.trail:
            self._seen[look.step] += 1
            if look.hit:
                hits |= self._bits.get(look.step, 0)
            elif look.score is None:
                self._abstained[look.step] += 1
            if look.rewrite and look.step in self._rewrites:
                self._rewrites[look.step].add(look.rewrite)
        if hits:
            self._together[hits] += 1
        if entry.by:
            self._by[entry.by, entry.fate] += 1

    def differences(self) -> Iterator[str]:
        """Yield every number in which `run.json` differs from the ledger."""
        for what, told, counted in self._numbers():
            if told != counted:
                yield f"{what} is {told}, the ledger has {counted}"

    def _numbers(self) -> Iterator[tuple[str, Any, Any]]:
        counts = self._facts["counts"]
        yield "counts.read", counts["read"], self.fates.total()
        for fate in FATES:
            yield f"counts.{fate}", counts[fate], self.fates[fate]
        yield "counts.unreadable", counts["unreadable"], self._by[READER, "quarantined"]
        yield "counts.blank", counts["blank"], self.blank
        yield "counts.crlf", counts["crlf"], self.crlf
        yield from self._numbers_of_files()
        together, alone = (self._facts["overlap"][key] for key in ("together", "alone"))
        for n, step in enumerate(self._facts["steps"]):
            name = step["name"]
            at = f"steps.{name}"
            yield f"{at}.seen", step["seen"], self._seen[name]
            yield f"{at}.hits", step["hits"], self._hits(1 << n)
            yield f"{at}.abstained", step["abstained"], self._abstained[name]
            yield f"{at}.dropped", step["dropped"], self._by[name, "dropped"]
            yield f"{at}.quarantined", step["quarantined"], self._by[name, "quarantined"]
            if name in self._rewrites:
                for what, told, counted in self._rewrites[name].numbers(step["rewrite"]):
                    yield f"{at}.rewrite.{what}", told, counted
            yield f"overlap.alone[{n}]", alone[n], self._together[1 << n]
            for m in range(len(self._names)):
                both = 1 << n | 1 << m
                yield f"overlap.together[{n}][{m}]", together[n][m], self._hits(both)

    def _numbers_of_files(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield the counts of each input; a run of an earlier version has none."""
        for n, told in enumerate(self._facts["inputs"]):
            if "read" not in told:
                continue
            counted: dict[str, int] = {fate: self._files[n, fate] for fate in FATES}
            counted["read"] = sum(counted.values())
            counted["blank"] = self._extents[n].lines - counted["read"]
            for what, number in counted.items():
                yield f"inputs.{told['name']}.{what}", told[what], number

    def _hits(self, steps: int) -> int:
        """Return how many records all of a set of steps hit."""
        return sum(count for mask, count in self._together.items() if mask & steps == steps)
