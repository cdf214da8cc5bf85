"""Judge text by the published heuristics for web text: Gopher, C4, FineWeb."""

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Context, Filter, Judge, Record, Rule, Scope, Verdict
from curate.filters.quality.batch import vector_measurer
from curate.filters.quality.metrics import METRICS
from curate.filters.quality.rules import Limit, QualityRule, RuleSet, make_rules
from curate.filters.quality.text import Text
from curate.filters.quality.words import english, whitespace

_GOOD = Verdict(0.0)


class TextQuality(Filter):
    """Counts the rules a text breaks; the reason is the first, the evidence has the values.

    A rule bounds a metric. The sets carry the bounds of their papers; what C4 and FineWeb use to
    edit or drop web pages is read as metrics of the whole text. `limits` adds rules and changes
    those of the sets:

        steps:
          - use: text_quality
            with:
              rules: []
              words: whitespace
              limits:
                characters: {min: 200, max: 20000}
                words: {min: 50, max: 5000}
                mean_word_length: {min: 3, max: 10}
                symbol_word_ratio: {max: 0.1}
                alpha_word_ratio: {min: 0.8}
                stop_words: {min: 2}
                duplicate_line_fraction: {max: 0.3}
                duplicate_line_char_fraction: {max: 0.2}
                top_2_gram_char_fraction: {max: 0.2}
                top_3_gram_char_fraction: {max: 0.18}
                top_4_gram_char_fraction: {max: 0.16}
            do: drop

    Rules are tried cheapest first, and the first broken one ends it with a score of 1 unless
    `all_rules` is set. CRLF ends a line as LF does, and empty lines are no lines.
    """

    name: ClassVar[str] = "text_quality"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = math.inf
    rule: ClassVar[Rule] = Rule(at_least=1)

    rules: tuple[RuleSet, ...] = Field(
        ("gopher_quality", "gopher_repetition"), description="sets of rules, may be empty"
    )
    limits: dict[str, Limit] = Field(
        default_factory=dict,
        description="metric -> {min, max}: adds a rule or changes one; null takes a bound away",
        json_schema_extra={"propertyNames": {"enum": list(METRICS)}},
    )
    words: Literal["words", "whitespace"] = Field(
        "words", description="words: punctuation is set apart; whitespace: split there only"
    )
    ties: Literal["longest", "first"] = Field(
        "longest", description="which of equally frequent n-grams counts as the top one"
    )
    all_rules: bool = Field(
        False, description="try every rule; otherwise the first broken one ends it and scores 1"
    )
    scope: Scope = Field("assistant", description="which text of a record is read")

    @model_validator(mode="after")
    def _rules_exist(self) -> Self:
        make_rules(self.rules, self.limits)
        return self

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002  (no resource)
        """Yield a judge; it works on many texts at once where numpy is installed."""
        rules = make_rules(self.rules, self.limits)
        metrics = [rule.metric.name for rule in rules]
        measured = vector_measurer(metrics) if self.words == "whitespace" else None
        split = whitespace if self.words == "whitespace" else english()

        def judge(records: Sequence[Record]) -> list[Verdict]:
            longest = self.ties == "longest"
            texts = (Text(record.text(self.scope), split, longest) for record in records)
            return [self._verdict(text, rules) for text in (measured(texts) if measured else texts)]

        return nullcontext(judge)

    def _verdict(self, text: Text, rules: list[QualityRule]) -> Verdict:
        broken: dict[str, float] = {}
        reason = ""
        for rule in rules:
            value = rule.broken_by(text)
            if value is None:
                continue
            broken[rule.metric.name] = value
            reason = reason or rule.reason(value)
            if not self.all_rules:
                break
        return Verdict(float(len(broken)), reason, {"violations": broken}) if broken else _GOOD
