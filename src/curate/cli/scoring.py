"""How answers are scored, as the command line says: the card's scorer, a judge, another filter."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from curate.api import Filter, Inner, Plugin, Rule
from curate.cli.built import build, spec
from curate.errors import UsageError
from curate.filters.trait import Trait
from curate.probing import Scoring
from curate.registry import Builder
from curate.traits.card import Card, Scorer


class _Named(Plugin):
    """A scorer that is named on the command line or in a card."""

    name: ClassVar[str] = "scorer"

    scorer: Inner[Filter] | None = Field(None)


def scoring(
    builder: Builder,
    path: str,
    card: Card,
    judge: str | None,
    scorer: str | None,
    *,
    contrast: bool,
) -> Scoring:
    """Return how answers are scored.

    Args:
        builder: Builds what is named.
        path: Where the card is, as it was named.
        card: The card.
        judge: A generator to ask by the card's rubric.
        scorer: A filter to score with.
        contrast: By the likelihood of the card's two continuations.

    Raises:
        UsageError: the options contradict each other, or the card has no such scorer.
    """
    if sum((judge is not None, scorer is not None, contrast)) > 1:
        raise UsageError("--judge, --scorer and --contrast: give one")
    if contrast:
        if card.score.contrast is None:
            raise UsageError(f"card {card.name!r} has no two continuations to contrast")
        return Scoring(None, Rule(at_least=0), (-math.inf, math.inf))
    also = {name: (_filter(builder, each), each.when) for name, each in card.score.also.items()}
    if scorer is not None:
        _, written = spec(scorer, "--scorer")
        trait = build(builder, Trait, {"card": path, "scorer": written}, "--scorer")
        bounds = (trait.scorer.low, trait.scorer.high)
        return Scoring(trait.scorer, trait.default_rule(), bounds, card.mean, also)
    chosen = card.score.answer or card.score.row
    options: Mapping[str, Any] = {}
    if judge is not None:
        if card.score.judge is None:
            raise UsageError(f"card {card.name!r} has no rubric for a judge")
        chosen = card.score.judge
        options = {"generator": spec(judge, "--judge")[1]}
    built = _filter(builder, chosen, options)
    return Scoring(built, chosen.when, chosen.bounds, card.mean, also)


def _filter(builder: Builder, scorer: Scorer, options: Mapping[str, Any] | None = None) -> Filter:
    written = scorer.spec(**(options or {}))
    built = build(builder, _Named, {"scorer": written}, f"scorer {scorer.use!r}").scorer
    assert built is not None  # noqa: S101  (it was given)
    return built
