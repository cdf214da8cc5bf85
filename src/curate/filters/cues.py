"""Weighted wordings that count only where they are meant: `cues`."""

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.errors import suggest
from curate.filters.packs import PACKS
from curate.filters.scan import Scanner

Foreign = Literal["quotes", "blockquotes", "code"]

_FOREIGN: dict[Foreign, str] = {
    "quotes": (
        r'"[^"\n]{1,1500}"|“[^”\n]{1,1500}”|«[^»\n]{1,1500}»|„[^“”\n]{1,1500}[“”]'
        r"|‘[^’\n]{3,300}(?:’(?=\w)[^’\n]{1,300})*’(?!\w)"
        r"|(?<![\w'’])'(?=\w)[^'\n]{3,300}(?:'(?=\w)[^'\n]{1,300})*'(?!\w)"
    ),
    "blockquotes": r"(?m:^[ \t]*>[^\n]*)",
    "code": r"```[\s\S]*?(?:```|\Z)|`[^`\n]+`",
}
_PATTERNS = ("unless", "unless_text", "unless_prompt", "within")
_SENTENCE_END = re.compile(r"[.!?。！？]+[\"”’')\]*]*(?:\s|$)|\n")
_NOTHING_FOUND = Verdict(0.0)


class _Wording(NamedTuple):
    name: str
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


class Cue(BaseModel):
    """A wording, and how much it says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str = Field(description="Python regular expression")
    weight: float = Field(1.0, gt=0, allow_inf_nan=False, description="what it adds to the score")
    unless: str | None = Field(
        None, description="Python regular expression; the cue is void in a sentence that matches"
    )


class Cues(Filter):
    r"""The weights of the wordings that a text uses in earnest, each counted once, added up.

    Turns are searched one by one. A wording is set aside where it stands outside of `within`, in
    what is somebody else's (`foreign`), in a sentence that matches `unless`, or in a turn that
    matches `unless_text`; a prompt that matches `unless_prompt` sets all aside. What was set aside
    is in the evidence. The reason is the heaviest cue.

        steps:
          - use: cues
            with:
              cues:
                despair: {pattern: '\bI am hopeless\b', weight: 7}
                effort: {pattern: '\bstruggling\b', weight: 2, unless: '\byou\b'}
              foreign: [quotes, code]
              most: 10
            when: {at_least: 5}
    """

    name: ClassVar[str] = "cues"
    version: ClassVar[str] = "1; " + ", ".join(f"{p.name} {p.version}" for p in PACKS.values())
    high: ClassVar[float] = math.inf
    rule: ClassVar[Rule] = Rule(at_least=1)
    timeout: ClassVar[float] = 60.0

    cues: dict[str, Cue] = Field(
        default_factory=dict, description="name of a cue -> its pattern and weight"
    )
    pack: str | None = Field(
        None, description=f"patterns that are cues of weight 1 as well: {', '.join(PACKS)}"
    )
    words: dict[str, str] = Field(
        default_factory=dict, description="NAME -> what `<NAME>` stands for in every pattern"
    )
    unless: str | None = Field(None, description="the same as `unless` of every cue")
    unless_text: str | None = Field(None, description="a turn that matches has no cue")
    unless_prompt: str | None = Field(
        None, description="an answer to a prompt that matches has no cue"
    )
    foreign: list[Foreign] = Field(
        default_factory=list, description="parts of a text that are not its author's own words"
    )
    within: str | None = Field(
        None, description="only what this pattern matches is read: its group 1 if it has one"
    )
    most: float | None = Field(None, gt=0, description="the score goes no higher")
    ignore_case: bool = Field(True, description="whether case is ignored")
    scope: Scope = Field("assistant", description="which turns are read")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if self.pack is not None and self.pack not in PACKS:
            raise ValueError(f"no pack named {self.pack!r}{suggest(self.pack, PACKS)}")
        if not self.cues and self.pack is None:
            raise ValueError(f"give `cues` or a `pack`; packs: {', '.join(PACKS)}")
        list(self.wordings())
        for option in _PATTERNS:
            self.optional(option)
        return self

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002  (nothing to load)
        """Yield a judge that has the patterns ready, for one scan per turn."""
        judge = _RecordJudge(self)
        return nullcontext(lambda records: [judge(record) for record in records])

    def wordings(self) -> "Iterator[_Wording]":
        """Yield the cues ready to search for, the pack's first."""
        if self.pack is not None:
            pack = PACKS[self.pack]
            for name, pattern in pack.patterns.items():
                yield _Wording(name, 1.0, re.compile(pattern, pack.flags), None)
        for name, cue in self.cues.items():
            unless = None if cue.unless is None else self.compiled(name, cue.unless)
            yield _Wording(name, cue.weight, self.compiled(name, cue.pattern), unless)

    def optional(self, name: str) -> re.Pattern[str] | None:
        """Return the pattern of an option ready to search with, or None where it is not given."""
        pattern = getattr(self, name)
        return None if pattern is None else self.compiled(name, pattern)

    def compiled(self, name: str, pattern: str) -> re.Pattern[str]:
        """Return a pattern ready to search with, `words` put in.

        Raises:
            ValueError: it is no regular expression.
        """
        for word, meaning in self.words.items():
            pattern = pattern.replace(f"<{word}>", f"(?:{meaning})")
        try:
            return re.compile(pattern, re.IGNORECASE if self.ignore_case else re.NOFLAG)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(f"pattern of {name!r}: {error}") from None


class _RecordJudge:
    """Judges one record: scans for candidates, then asks of each match whether it is meant."""

    def __init__(self, options: Cues) -> None:
        self._scope, self._most = options.scope, options.most
        self._wordings = list(options.wordings())
        self._candidates = Scanner(wording.pattern for wording in self._wordings).candidates
        self._unless = options.optional("unless")
        self._unless_text = options.optional("unless_text")
        self._unless_prompt = options.optional("unless_prompt")
        self._within = options.optional("within")
        self._foreign = re.compile("|".join(f"(?:{_FOREIGN[part]})" for part in options.foreign))

    def __call__(self, record: Record) -> Verdict:
        counted: dict[int, list[int | str]] = {}
        aside: set[str] = set()
        for turn, text in record.texts(self._scope):
            for place, start, end, meant in self._matches(text):
                name = self._wordings[place].name
                if meant:
                    counted.setdefault(place, [turn, start, end, name])
                else:
                    aside.add(name)
        if not counted and not aside:
            return _NOTHING_FOUND
        if counted and self._unless_prompt and self._unless_prompt.search(record.prompt):
            aside.update(self._wordings[place].name for place in counted)
            counted = {}
        return self._verdict(counted, aside)

    def _matches(self, text: str) -> Iterator[tuple[int, int, int, bool]]:
        """Yield cue, start, end and whether it is meant, up to the first of each that is."""
        candidates = self._candidates(text)
        if not candidates:
            return
        foreign, own = self._others_words(text), self._own_words(text)
        for place in candidates:
            wording = self._wordings[place]
            for match in wording.pattern.finditer(text):
                start, end = match.span()
                meant = any(low <= start < high for low, high in own)
                meant = meant and not any(low <= start < high for low, high in foreign)
                meant = meant and not self._void(wording, text, start, end)
                yield place, start, end, meant
                if meant:
                    break

    def _own_words(self, text: str) -> Sequence[tuple[int, int]]:
        if self._within is None:
            return [(0, len(text) + 1)]
        group = 1 if self._within.groups else 0
        return [match.span(group) for match in self._within.finditer(text)]

    def _others_words(self, text: str) -> Sequence[tuple[int, int]]:
        if self._unless_text and self._unless_text.search(text):
            return [(0, len(text) + 1)]
        if not self._foreign.pattern:
            return []
        return [match.span() for match in self._foreign.finditer(text)]

    def _void(self, wording: _Wording, text: str, start: int, end: int) -> bool:
        if not wording.unless and not self._unless:
            return False
        sentence = text[_sentence_start(text, start) : _sentence_end(text, end)]
        return any(void and void.search(sentence) for void in (wording.unless, self._unless))

    def _verdict(self, counted: dict[int, list[int | str]], aside: set[str]) -> Verdict:
        evidence: dict[str, object] = {}
        reason, score = "", 0.0
        if counted:
            found = [self._wordings[place] for place in sorted(counted)]
            reason = max(found, key=lambda wording: wording.weight).name
            score = sum(wording.weight for wording in found)
            spans = sorted(counted.values(), key=lambda span: span[:3])
            evidence = {"spans": spans, "matches": len(spans)}
        if aside := aside - {self._wordings[place].name for place in counted}:
            evidence["set_aside"] = sorted(aside)
        return Verdict(score if self._most is None else min(score, self._most), reason, evidence)


def _sentence_start(text: str, position: int) -> int:
    start = 0
    for match in _SENTENCE_END.finditer(text, max(0, position - 400), position):
        start = match.end()
    return start or max(0, position - 400)


def _sentence_end(text: str, position: int) -> int:
    match = _SENTENCE_END.search(text, position, position + 400)
    return match.start() if match else position + 400
