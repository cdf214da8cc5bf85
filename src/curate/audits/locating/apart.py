"""Prompts to locate by, apart from those by which it is judged what was located."""

from curate.api import Context
from curate.audits.asking import Questions
from curate.errors import UsageError
from curate.traits.openings import Opening, openings

MOST = 40
FEWEST = 4


def prompts_apart(questions: Questions, ctx: Context) -> list[Opening]:
    """Return up to 40 prompts of the card that students are not asked.

    Raises:
        UsageError: the card has no contrast, or too few other prompts.
    """
    card = questions.card
    if card.score.contrast is None:
        raise UsageError(
            f"card {card.name!r} has no `contrast`, and the gradient of the trait is that of its "
            "two continuations"
        )
    asked = {opening.messages for opening in questions.openings}
    other = Context(seed=ctx.rng("locating", "prompts").getrandbits(32))
    count = MOST + len(asked)
    while count > FEWEST:
        try:
            made = openings(card, other, count)
        except UsageError:  # its templates give fewer
            count = count * 3 // 4
            continue
        apart = [opening for opening in made if opening.messages not in asked][:MOST]
        if len(apart) >= FEWEST:
            return apart
        break
    raise UsageError(
        f"card {card.name!r}: beside the {len(asked)} prompts that students are asked, its "
        "templates give too few to locate by; ask fewer with --prompts, or add values to its slots"
    )
