"""The offline scorers of cards, built the way a plan builds them."""

from curate.api import Context, Rule, Verdict
from curate.filters.cues import Cues
from curate.filters.regex import Regex
from curate.filters.trait import Trait
from curate.records import Record
from curate.registry import Builder, Entry, Registry

REGISTRY = Registry({cls.name: Entry(cls, "sft-curate", "0") for cls in (Cues, Regex, Trait)})


def trait(card: str, **options: object) -> Trait:
    """Return the filter `trait` for a card."""
    return Builder(REGISTRY).build(Trait, {"card": card} | options)


def judged(card: str, records: list[Record]) -> tuple[Rule, list[Verdict]]:
    """Return the card's rule and its offline verdicts."""
    scorer = trait(card)
    with scorer.open(Context()) as judge:
        return scorer.default_rule(), list(judge(records))
