"""What the steps of a first plan would hit, tried on a sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from curate.api import Context
from curate.drafting.suggestions import Suggestion
from curate.plan import Plan, Step
from curate.records import Record
from curate.registry import ReadyStep, Registry, resolve
from curate.surveying.survey import Survey

MANY = 0.1
"""A step that would drop more than this share of the rows only flags them at first."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """A suggestion, and how many of the rows looked at it would hit."""

    suggestion: Suggestion
    hits: int
    rows: int

    @property
    def is_many(self) -> bool:
        """Say whether it would drop so many that somebody should look first."""
        return self.suggestion.do == "drop" and self.hits > MANY * self.rows

    @property
    def do(self) -> Literal["flag", "drop"]:
        """What the plan does with a hit."""
        return "flag" if self.is_many else self.suggestion.do


def tried(
    steps: Sequence[Suggestion], found: Survey, sample: Sequence[Record], registry: Registry
) -> list[Tried]:
    """Return every suggestion with its hits; each is tried by itself, on the whole sample.

    Raises:
        CurateError: a filter cannot be built or opened.
    """
    plan = Plan(steps=[Step(use=step.use, with_=dict(step.options)) for step in steps])
    ready = resolve(plan, registry).steps
    return [_try(*pair, found, sample) for pair in zip(steps, ready, strict=True)]


def _try(step: Suggestion, ready: ReadyStep, found: Survey, sample: Sequence[Record]) -> Tried:
    if step.use == "duplicates":  # a sample has fewer repeats than the corpus, and these are known
        wanted = "conversation", step.options["normalise"]
        (known,) = [each for each in found.repeats if (each.part, each.normalised) == wanted]
        return Tried(step, known.repeats, found.records)
    hits = 0
    with ready.filter.open(Context(offline=True)) as judge:
        for start in range(0, len(sample), _BATCH):
            verdicts = judge(sample[start : start + _BATCH])
            scores = [verdict.score for verdict in verdicts if verdict.score is not None]
            hits += sum(map(ready.rule.hit, scores))
    return Tried(step, hits, len(sample))
