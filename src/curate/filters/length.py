"""Judge records by how long their text is."""

import math
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from curate.api import Record, RecordFilter, Rule, Scope, Verdict

Unit = Literal["characters", "words", "turns", "lines"]


class Length(RecordFilter):
    """Scores the length of the turns in scope; a hit is a length below `min` or above `max`.

    steps:
      - use: length
        with: {unit: words, min: 5, max: 4000}
        do: drop
    """

    name: ClassVar[str] = "length"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = math.inf

    unit: Unit = Field(
        "characters",
        description="what is counted; words stand between white space, empty lines do not count",
    )
    min: int | None = Field(None, ge=1, description="the least allowed length")
    max: int | None = Field(None, ge=0, description="the greatest allowed length")
    scope: Scope = Field("assistant", description="which turns of a record are counted")

    @model_validator(mode="after")
    def _limits_make_sense(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("length needs min, max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self

    def default_rule(self) -> Rule:
        """Return the rule that makes a length outside min to max a hit."""
        if self.max is not None:
            return Rule(outside=(self.min or 0, self.max))
        assert self.min is not None  # noqa: S101  (the validator above)
        return Rule(at_most=self.min - 1)

    def judge(self, record: Record) -> Verdict:
        """Return the length; the reason says on which side of min and max it lies."""
        length = sum(_measure(text, self.unit) for _, text in record.texts(self.scope))
        if self.min is not None and length < self.min:
            return Verdict(float(length), f"too_few_{self.unit}")
        if self.max is not None and length > self.max:
            return Verdict(float(length), f"too_many_{self.unit}")
        return Verdict(float(length))


def _measure(text: str, unit: Unit) -> int:
    if unit == "characters":
        return len(text)
    if unit == "words":
        return len(text.split())
    if unit == "lines":
        return sum(map(bool, text.split("\n")))
    return 1
