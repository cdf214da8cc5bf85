"""A rule bounds one metric. The published sets of rules, and a plan's changes to them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from curate.errors import suggest
from curate.filters.quality.metrics import METRICS, Metric
from curate.filters.quality.text import Text

RuleSet = Literal["gopher_quality", "gopher_repetition", "c4", "fineweb"]


Bounds = tuple[float, float]
"""The least and the greatest allowed value; infinite where there is none."""


class Limit(BaseModel):
    """The least and the greatest allowed value of a metric.

    `published` is the bound of the rule set, if there is one; null takes a bound away.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: float | Literal["published"] | None = Field(
        "published", allow_inf_nan=False, description="least allowed value"
    )
    max: float | Literal["published"] | None = Field(
        "published", allow_inf_nan=False, description="greatest allowed value"
    )

    def over(self, published: Bounds = (-math.inf, math.inf)) -> Bounds:
        """Return the published bounds with those given here in their place.

        Raises:
            ValueError: the least allowed value is above the greatest.
        """
        low, high = published
        if self.min != "published":
            low = -math.inf if self.min is None else self.min
        if self.max != "published":
            high = math.inf if self.max is None else self.max
        if low > high:
            raise ValueError(f"min {low:g} is above max {high:g}")
        return low, high


RULE_SETS: Mapping[RuleSet, Mapping[str, Limit]] = {
    "gopher_quality": {
        "non_symbol_words": Limit(min=50, max=100_000),
        "mean_non_symbol_word_length": Limit(min=3, max=10),
        "hash_word_ratio": Limit(max=0.1),
        "ellipsis_word_ratio": Limit(max=0.1),
        "bullet_line_fraction": Limit(max=0.9),
        "ellipsis_line_fraction": Limit(max=0.3),
        "alpha_word_ratio": Limit(min=0.8),
        "stop_words": Limit(min=2),
    },
    "gopher_repetition": {
        "duplicate_paragraph_fraction": Limit(max=0.3),
        "duplicate_paragraph_char_fraction": Limit(max=0.2),
        "duplicate_line_fraction": Limit(max=0.3),
        "duplicate_line_char_fraction": Limit(max=0.2),
        "top_2_gram_char_fraction": Limit(max=0.20),
        "top_3_gram_char_fraction": Limit(max=0.18),
        "top_4_gram_char_fraction": Limit(max=0.16),
        "duplicate_5_gram_char_fraction": Limit(max=0.15),
        "duplicate_6_gram_char_fraction": Limit(max=0.14),
        "duplicate_7_gram_char_fraction": Limit(max=0.13),
        "duplicate_8_gram_char_fraction": Limit(max=0.12),
        "duplicate_9_gram_char_fraction": Limit(max=0.11),
        "duplicate_10_gram_char_fraction": Limit(max=0.10),
    },
    "c4": {
        "lorem_ipsum": Limit(max=0),
        "curly_brackets": Limit(max=0),
        "c4_sentences": Limit(min=5),
    },
    "fineweb": {
        "line_punct_ratio": Limit(min=0.12),
        "short_line_ratio": Limit(max=0.67),
        "char_dup_ratio": Limit(max=0.01),
        "new_line_ratio": Limit(max=0.3),
    },
}
"""The bounds of the papers (see `gopher`, `repetition`, `web` for which) by metric."""


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A metric and the values it may have: `low` to `high`, both included."""

    metric: Metric
    low: float
    high: float

    def broken_by(self, text: Text) -> float | None:
        """Return the value of the metric where it is not allowed, else None."""
        bounds = self.metric.bounds
        if bounds is not None:
            least, greatest = bounds(text)
            if self.low <= least and greatest <= self.high:
                return None
        value = self.metric.measure(text)
        return None if self.low <= value <= self.high else value

    def reason(self, value: float) -> str:
        """Return the slug that says why `value` is not allowed."""
        return self.metric.low if value < self.low else self.metric.high


def make_rules(sets: Iterable[RuleSet], limits: Mapping[str, Limit]) -> list[QualityRule]:
    """Return the rules of `sets`, changed and added to by `limits`, in the order of `METRICS`.

    Raises:
        ValueError: a metric is unknown, its bounds are in the wrong order, or no rule is left.
    """
    bounds: dict[str, Bounds] = {}
    for rule_set in sets:
        bounds.update({name: limit.over() for name, limit in RULE_SETS[rule_set].items()})
    for name, limit in limits.items():
        if name not in METRICS:
            raise ValueError(f"limits: no metric is called {name!r}{suggest(name, METRICS)}")
        bounds[name] = limit.over(bounds.get(name, (-math.inf, math.inf)))
    rules = [
        QualityRule(metric, *bounds[name])
        for name, metric in METRICS.items()
        if bounds.get(name, (-math.inf, math.inf)) != (-math.inf, math.inf)
    ]
    if not rules:
        raise ValueError("no rule is left: name a set under `rules` or a metric under `limits`")
    return rules
