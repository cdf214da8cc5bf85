"""Which rows show a trait: `trait` applies a trait card."""

import math
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from curate.api import Context, CorpusFilter, Filter, Inner, Judge, Rule
from curate.traits import loading
from curate.traits.card import Card


class Trait(Filter):
    """The score of a trait card's scorer; the reason and the evidence are the scorer's own.

    The card says which scorer that is offline and when its score shows the trait. Another scorer,
    a judge for example, is named as in a step; its score shows the trait when the card says so for
    a scorer of that name, else when the scorer itself does. `curate traits show CARD` prints a
    card, and what its offline scorer was measured to find.

        - use: trait
          with: {card: negative_emotion}
          do: flag
    """

    name: ClassVar[str] = "trait"
    low: ClassVar[float] = -math.inf
    high: ClassVar[float] = math.inf
    timeout: ClassVar[float] = 24 * 3600.0
    """A scorer that asks a model has timeouts of its own; this only ends what is truly stuck."""

    card: str = Field(description="the name of a built-in card, or the path of your own")
    scorer: Inner[Filter] = Field(
        None,  # the validator below puts the card's in its place
        validate_default=True,
        description="the filter that scores, as {use, with}; default: the card's offline scorer",
    )
    _card: Card = PrivateAttr()

    @field_validator("scorer", mode="before")
    @classmethod
    def _from_card(cls, scorer: Any, info: ValidationInfo) -> Any:
        if scorer is None and "card" in info.data:
            return loading.load(info.data["card"]).score.row.spec()
        return scorer

    @field_validator("scorer")
    @classmethod
    def _scores_alone(cls, scorer: Filter) -> Filter:
        if isinstance(scorer, CorpusFilter):
            raise ValueError(f"{scorer.name!r} judges a record by others; a trait is in one record")  # noqa: TRY004
        return scorer

    @model_validator(mode="after")
    def _read_once(self) -> Self:
        self._card = loading.load(self.card)
        return self

    def label(self) -> str:
        """The card's name."""
        return self._card.name

    def default_rule(self) -> Rule:
        """When the card says that the score shows the trait."""
        for known in (self._card.score.row, self._card.score.judge):
            if known and known.use == self.scorer.name:
                return known.when
        return self.scorer.default_rule()

    def hides(self) -> bool:
        """Whether the scorer does."""
        return self.scorer.hides()

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        """Open the scorer."""
        return self.scorer.open(ctx)
