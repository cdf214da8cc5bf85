"""A trait card: what a trait is, as data.

It says what is claimed and by whom, how to elicit the trait, how to score it in a training row and
in an answer, what must be held still while measuring, and what was measured. Scorers are named as a
plan names filters, `{use, with}`, so that a card needs none of them to be read.
"""

from math import ceil, floor
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from curate.api import Rule
from curate.traits.elicitation import Elicitation, Part
from curate.traits.intervals import Interval


class Source(Part):
    """Where a claim comes from."""

    title: str
    url: str


class Scorer(Part):
    """A filter as a plan names it, and when its score shows the trait."""

    use: str = Field(description="the filter's name")
    with_: dict[str, Any] = Field(default_factory=dict, alias="with", description="its options")
    when: Rule = Field(description="when a score shows the trait")
    bounds: tuple[float, float] = Field((0.0, 1.0), description="the least and the greatest score")

    @field_validator("bounds")
    @classmethod
    def _in_order(cls, bounds: tuple[float, float]) -> tuple[float, float]:
        if not bounds[0] < bounds[1]:
            raise ValueError("bounds: [low, high] needs low < high")
        return bounds

    def spec(self, **options: Any) -> dict[str, Any]:
        """Return `{use, with}` with more options added."""
        return {"use": self.use, "with": self.with_ | options}


class Contrast(Part):
    """Two ways an answer could begin, of about the same length, as every word costs likelihood.

    The score is log P(shows) - log P(not), in nats.
    """

    shows: str = Field(description="how a model with the trait goes on; slots are filled in")
    not_: str = Field(alias="not", description="how a model without it goes on")


class Scores(Part):
    """How the trait is scored."""

    row: Scorer = Field(description="in a training row; works offline")
    answer: Scorer | None = Field(
        None, description="in an answer to the card's own prompts; default: as in a row"
    )
    judge: Scorer | None = Field(
        None, description="by a model: a judge's options but its generator, which the user adds"
    )
    contrast: Contrast | None = Field(None, description="by the likelihood of two continuations")
    also: dict[str, Scorer] = Field(
        default_factory=dict, description="what else is scored in an answer, apart from the trait"
    )


class Pinned(Part):
    """The context of an evaluation: two rates compare only where all of this is the same."""

    system: str | None = Field(None, description="the system prompt; slots are filled in")
    template: str = Field(
        "the generator's own chat template", description="how messages become the model's input"
    )
    temperature: float = Field(1.0, ge=0, description="of sampling")
    max_tokens: int = Field(512, ge=1, description="an answer that needs more is cut off")
    samples: int = Field(1, ge=1, description="answers per prompt")


class Control(Part):
    """The same elicitation with the cause taken away: here the trait should not show."""

    expect: str = Field(description="what should be seen")
    change: dict[str, Any] = Field(description="parts of `elicit` replaced; `fill` is merged")


class Share(Part):
    """A measured share with its 95 % Wilson interval; the bounds are rounded outwards."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    of: int = Field(ge=0)

    @classmethod
    def from_interval(cls, interval: Interval, of: int) -> Self:
        """Return the share as a card states it."""
        low, high = floor(interval.low * 10_000) / 10_000, ceil(interval.high * 10_000) / 10_000
        return cls(value=round(interval.value, 4), low=low, high=high, of=of)

    def __str__(self) -> str:
        """Say the share and its interval."""
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}] of {self.of}"


class Measured(Part):
    """What the offline scorer reached on labelled cases."""

    cases: str = Field(description="which cases")
    precision: Share | None = Field(None, description="of what it hit, the share that is right")
    recall: Share | None = Field(None, description="of what it should hit, the share it did")
    false_alarms: Share | None = Field(
        None, description="of what it should not hit, the share it hit"
    )
    command: str = Field(description="the command that measures it")


class Card(Part):
    """One trait."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1, description="rises whenever a score or a prompt could change")
    claim: str = Field(description="what a model with the trait does, in one sentence")
    sources: list[Source] = Field(min_length=1)
    limits: str = Field("", description="what the offline scorer cannot see")
    elicit: Elicitation
    score: Scores
    mean: bool = Field(
        False, description="the mean score is the result; else the share of answers that show it"
    )
    context: Pinned = Field(default_factory=Pinned)
    controls: dict[str, Control] = Field(default_factory=dict)
    measured: list[Measured] = Field(default_factory=list)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Find a slot without a filler when the card is read, not when it is used."""
        texts = [self.context.system or ""]
        if contrast := self.score.contrast:
            texts += [contrast.shows, contrast.not_]
        self.elicit.check(texts)
        for control in self.controls.values():
            self.elicit.changed(control.change).check(texts)
        return self
