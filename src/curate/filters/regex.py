"""Which of many patterns a record matches: `regex`."""

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.errors import suggest
from curate.filters.packs import PACKS, Pack
from curate.filters.scan import Scanner

_MOST_SPANS = 20
"""Spans kept as evidence of one record; matches beyond are counted."""
_NOTHING_FOUND = Verdict(0.0)


class Regex(Filter):
    """Scores the number of patterns that match; a hit is one. The first is the reason.

    steps:
      - use: regex
        with: {pack: refusals, patterns: {moralising: "(?i)it is important to remember"}}
        do: drop

    Every turn is searched by itself, so anchors mean its start and end. Patterns are Python's `re`;
    the extra `fast` changes how fast they are searched for, never what matches.
    """

    name: ClassVar[str] = "regex"
    version: ClassVar[str] = "1; " + ", ".join(f"{p.name} {p.version}" for p in PACKS.values())
    high: ClassVar[float] = math.inf
    rule: ClassVar[Rule] = Rule(at_least=1)
    timeout: ClassVar[float] = 60.0

    patterns: dict[str, str] = Field(
        default_factory=dict, description="name of a pattern -> Python regular expression"
    )
    pack: str | list[str] = Field(
        default_factory=list, description=f"patterns that come with curate: {', '.join(PACKS)}"
    )
    ignore_case: bool = Field(False, description="whether case is ignored in `patterns`")
    scope: Scope | None = Field(
        None, description="which turns are read; by default the pack's own, else assistant"
    )

    @model_validator(mode="after")
    def _usable(self) -> Self:
        taken: set[str] = set()
        for name in self._packs():
            if name not in PACKS:
                raise ValueError(f"no pack named {name!r}{suggest(name, PACKS)}")
            taken |= PACKS[name].patterns.keys()
        if not taken and not self.patterns:
            raise ValueError(f"give `patterns` or a `pack`; packs: {', '.join(PACKS)}")
        for name, pattern in self.patterns.items():
            if name in taken:
                raise ValueError(f"pattern {name!r}: the pack has one of that name; rename yours")
            _compiled(name, pattern, self.ignore_case)
        return self

    def label(self) -> str:
        """The pack's name where there is one pack and nothing else, else `regex`."""
        packs = self._packs()
        return packs[0] if len(packs) == 1 and not self.patterns else self.name

    def hides(self) -> bool:
        """Whether one of the packs is of what must not be shown."""
        return any(PACKS[name].sensitive for name in self._packs())

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002  (nothing to load)
        """Yield a judge that has the patterns ready, for one scan per scope."""
        judge = _RecordJudge(tuple(self._sources()))
        return nullcontext(lambda records: [judge(record) for record in records])

    def _packs(self) -> list[str]:
        return [self.pack] if isinstance(self.pack, str) else list(dict.fromkeys(self.pack))

    def _sources(self) -> "Iterator[_Source]":
        """Yield the patterns in the order in which reasons are given."""
        for pack in map(PACKS.__getitem__, self._packs()):
            for name, pattern in pack.patterns.items():
                compiled = re.compile(pattern, pack.flags)
                yield _Source(name, compiled, self.scope or pack.scope, pack)
        for name, pattern in self.patterns.items():
            compiled = _compiled(name, pattern, self.ignore_case)
            yield _Source(name, compiled, self.scope or "assistant")


def _compiled(name: str, pattern: str, ignore_case: bool) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else re.NOFLAG)
    except re.error as error:
        raise ValueError(f"pattern {name!r}: {error.msg} at position {error.pos}") from None
    except (OverflowError, RecursionError) as error:
        raise ValueError(f"pattern {name!r}: {error}") from None


class _Source(NamedTuple):
    """One pattern, where it looks and the pack it comes from."""

    name: str
    pattern: re.Pattern[str]
    scope: Scope
    pack: Pack | None = None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of every match that the pack's check, if there is one, confirms."""
        check = self.pack.checks.get(self.name) if self.pack else None
        group = "value" if "value" in self.pattern.groupindex and self.pack else 0
        for match in self.pattern.finditer(text):
            if check is None or check(match[group]):
                yield match.span(group)


class _RecordJudge:
    """Judges one record: scans for candidates, then lets `re` and the checks decide."""

    def __init__(self, sources: Sequence[_Source]) -> None:
        self._sources = sources
        self._scans = []
        for scope in dict.fromkeys(source.scope for source in sources):
            places = [n for n, source in enumerate(sources) if source.scope == scope]
            scanner = Scanner(sources[place].pattern for place in places)
            self._scans.append((scope, places, scanner.candidates))

    def __call__(self, record: Record) -> Verdict:
        counts: dict[int, int] = {}
        spans: list[tuple[int, int, int, str]] = []
        for scope, places, candidates in self._scans:
            for turn, text in record.texts(scope):
                for candidate in candidates(text):
                    place = places[candidate]
                    source = self._sources[place]
                    for start, end in source.spans(text):
                        counts[place] = counts.get(place, 0) + 1
                        if counts[place] <= _MOST_SPANS:
                            spans.append((turn, start, end, source.name))
        return self._verdict(counts, spans) if counts else _NOTHING_FOUND

    def _verdict(self, counts: dict[int, int], spans: list[tuple[int, int, int, str]]) -> Verdict:
        evidence: dict[str, object] = {
            "spans": [list(span) for span in sorted(spans)[:_MOST_SPANS]],
            "matches": sum(counts.values()),
        }
        packs = [self._sources[place].pack for place in counts]
        if any(pack is not None and pack.sensitive for pack in packs):
            evidence["sensitive"] = True
        return Verdict(float(len(counts)), self._sources[min(counts)].name, evidence)
