"""`entities`: names and phrases that spaCy finds, by patterns or by a model."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from curate.answers.hashing import sha256
from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.errors import UsageError, suggest
from curate.filters.matching import patterns as written
from curate.filters.matching import pipelines
from curate.filters.matching.finder import Entity, Finder, Found
from curate.filters.matching.matchers import Matchers, asks_for_annotations
from curate.filters.matching.patterns import Pattern

_MOST_SPANS = 20
"""Spans kept as evidence of one record; those beyond are counted."""
_NOTHING_FOUND = Verdict(0.0)


class Entities(Filter):
    """Scores the number of entities in a record; a hit is one.

    Patterns need no model. Each is a phrase, a list of what is asked of tokens in a row (spaCy's
    `Matcher`), or either with a label and an id (its `EntityRuler`):

        steps:
          - use: entities
            with:
              patterns:
                - Project Bluebird
                - {label: VERSION, pattern: [{LOWER: version}, {LIKE_NUM: true}]}
                - {label: ORG, id: acme, pattern: [{LOWER: acme}, {LOWER: {IN: [inc, corp]}}]}
            do: drop

    `model` names an installed package of spaCy (`python -m spacy download en_core_web_sm`) or a
    folder; its entities count beside the patterns. Of spans that overlap the longest counts, then
    the first. The reason is the label met most often, in lower case; the evidence counts all.

    Every turn is read by itself. A model reads a text of more than 100,000 characters in parts,
    cut at line breaks where it can be; the evidence tells how many `windows` there were. A repeat
    without end (`OP: +`) is followed over at least 32 tokens; a longer run is told in pieces.
    """

    name: ClassVar[str] = "entities"
    high: ClassVar[float] = math.inf
    rule: ClassVar[Rule] = Rule(at_least=1)
    timeout: ClassVar[float] = 2 * 3600.0
    """A batch may have a million words, of which a large model reads a few hundred a second."""

    patterns: list[Any] | Path = Field(
        default_factory=list,
        description="phrases, lists of tokens, or {label, pattern, id}; or a file of them "
        "(JSON, YAML, or JSONL with one a line)",
    )
    model: str | None = Field(
        None, description="an installed model of spaCy, or a folder; default: a blank pipeline"
    )
    language: str | None = Field(
        None, description="how a blank pipeline splits texts into tokens, as a code; default: en"
    )
    labels: list[str] = Field(
        default_factory=list, description="the labels that count; by default all do"
    )
    ignore_case: bool = Field(False, description="find phrases in any case")
    sensitive: bool = Field(False, description="mask what is found where rows are shown")
    scope: Scope = Field("assistant", description="which turns of a record are read")

    @field_validator("patterns")
    @classmethod
    def _are_patterns(cls, given: list[Any] | Path) -> list[Any] | Path:
        if isinstance(given, list):
            written.parse(given)
        return given

    @model_validator(mode="after")
    def _something_is_looked_for(self) -> Self:
        if self.model is None and not self.patterns:
            raise ValueError("give `patterns`, a `model`, or both")
        if self.model is not None and self.language is not None:
            raise ValueError("language is for a blank pipeline; a model has its own: leave it out")
        return self

    def hides(self) -> bool:
        """Whether `sensitive` says so."""
        return self.sensitive

    def fingerprint(self) -> Mapping[str, str]:
        """Return the version of spaCy and the SHA-256 of the patterns' and the model's files.

        Raises:
            UsageError: spaCy, the model or the file is not there.
        """
        told = dict(pipelines.identity(self.model))
        if isinstance(self.patterns, Path):
            try:
                told["patterns"] = sha256(self.patterns)
            except OSError as error:
                raise written.unreadable(self.patterns, error) from None
        return told

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Judge]:  # noqa: ARG002  (nothing drawn or fetched)
        """Open the pipeline and yield the judge; needs spaCy.

        Raises:
            UsageError: spaCy or the model is not there, or names a pattern that is none.
        """
        given = self.patterns
        found = written.read(given) if isinstance(given, Path) else written.parse(given)
        find = self._finder(found)

        def judge(records: Sequence[Record]) -> list[Verdict]:
            turns = [each.texts(self.scope) for each in records]
            told = iter(find([text for texts in turns for _, text in texts]))
            return [self._verdict([(turn, next(told)) for turn, _ in texts]) for texts in turns]

        yield judge

    def _finder(self, patterns: Sequence[Pattern]) -> Finder:
        if self.model is None:
            pipeline = pipelines.blank(self.language or "en")
        else:
            annotated = asks_for_annotations(patterns)
            pipeline = pipelines.load(self.model, all_components=annotated)
        trained = pipelines.is_trained(pipeline)
        if not trained:
            pipeline.max_length = math.inf  # it warns of the memory that models take
        names = {pattern.name: pattern.label for pattern in patterns}
        known = pipelines.labels(pipeline)
        if known is not None:
            self._refuse_unknown(known.union(names.values()))
        matchers = Matchers(pipeline, patterns, ignore_case=self.ignore_case)
        return Finder(pipeline, matchers, names, frozenset(self.labels), trained=trained)

    def _refuse_unknown(self, known: set[str]) -> None:
        for label in self.labels:
            if label not in known:
                raise UsageError(
                    f"entities: nothing has the label {label!r}{suggest(label, known)}"
                )

    def _verdict(self, found: Sequence[tuple[int, Found]]) -> Verdict:
        entities = [(turn, entity) for turn, each in found for entity in each.entities]
        windows = {"windows": most} if (most := _windows(found)) > 1 else {}
        if not entities:
            return Verdict(0.0, "", windows) if windows else _NOTHING_FOUND
        counts = Counter(entity.label for _, entity in entities)
        evidence: dict[str, Any] = {
            "spans": [_span(turn, entity) for turn, entity in entities[:_MOST_SPANS]],
            "matches": len(entities),
            "labels": dict(sorted(counts.items())),
            **windows,
        }
        if self.sensitive:
            evidence["sensitive"] = True
        most_often = min(counts, key=lambda label: (-counts[label], label))
        return Verdict(float(len(entities)), _slug(most_often), evidence)


def _windows(found: Sequence[tuple[int, Found]]) -> int:
    return max((each.windows for _, each in found), default=0)


def _span(turn: int, entity: Entity) -> list[Any]:
    return [turn, entity.start, entity.end, entity.name]


def _slug(label: str) -> str:
    return re.sub(r"\W+", "_", label.lower()).strip("_") or "entity"
