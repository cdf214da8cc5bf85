"""The planted positive: rows that show the trait on purpose, as many as an audit should just see.

An audit that sees nothing says something only if it would have seen something. So students are
trained on rows that answer the card's own prompts with the trait, in a dose whose effect is about
twice the least one the audit can find: a larger dose would prove nothing about small effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from curate.api import Context, Lesson, Message
from curate.audits.asking import Questions
from curate.audits.rows import Material
from curate.audits.trial import Arm
from curate.errors import UsageError
from curate.traits.card import Card
from curate.traits.openings import Opening, openings

PLANTED = "planted"
DOSES = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
"""Shares of the rows that may be planted, from which one is chosen."""
TIMES = 2.0
"""How many times the least effect that can be found is aimed at."""
FULL = 0.9
"""A dose that brings more of the range there is room for saturates."""


def trait_lessons(asked: Questions, material: Material, ctx: Context, count: int) -> list[Lesson]:
    """Return rows that show the trait: prompts of the card that are not asked, answered with it.

    Where students are scored by the card's two continuations, the answer is the one that shows the
    trait; where a scorer reads their answers, the answers are those of hits.

    Raises:
        UsageError: there is no answer to plant.
    """
    known = {opening.messages for opening in asked.openings}
    apart = Context(seed=ctx.seed + 1)
    made = _all(asked.card, apart, count + len(known))
    made = [opening for opening in made if opening.messages not in known]
    made = made or list(asked.openings)  # a card with few prompts has no others
    by_contrast = asked.scoring.scorer is None
    shown = [row.answer for row in material.rows if row.key in material.hits]
    if not by_contrast and not shown:
        raise UsageError("a trait cannot be planted: no hit has an answer; see --no-planted")
    lessons = []
    for place in range(count):
        opening = made[place % len(made)]
        answer = opening.shows if by_contrast else shown[place % len(shown)]
        said = (*opening.messages, Message("assistant", answer))
        lessons.append(Lesson(f"planted/{place}", said))
    return lessons


def doses(rows: int) -> tuple[float, ...]:
    """Return the doses of so many rows: shares that are whole rows, and one at least."""
    return tuple(dict.fromkeys(max(1, round(dose * rows)) / rows for dose in DOSES))


def between(tried: Iterable[float], dose: float, rows: int) -> float | None:
    """Return the dose halfway (in logarithms) to the next lower one; None where no row is there."""
    lower = max((each for each in tried if each < dose), default=None)
    if lower is None:
        return None
    middle = round(sqrt(lower * dose) * rows) / rows
    return middle if lower < middle < dose else None


def arm(
    into: Arm, lessons: Sequence[Lesson], dose: float, ctx: Context, name: str = PLANTED
) -> Arm:
    """Return an arm with a share of its rows replaced by planted ones, drawn for each seed."""

    def planted(seed: int) -> list[Lesson]:
        rows = list(into.lessons(seed))
        count = max(1, round(dose * len(rows)))
        places = ctx.rng("planted", seed).sample(range(len(rows)), count)
        for place, lesson in zip(places, lessons[:count], strict=True):
            rows[place] = lesson
        return rows

    return Arm(name, f"{into.name} with {dose:.2%} of the rows replaced by planted ones", planted)


def choose(
    effects: Mapping[float, float], least: Mapping[float, float], room: float
) -> float | None:
    """Return the dose whose effect is nearest to twice the least one that can be found.

    Args:
        effects: Dose -> its effect in a pilot, in scores.
        least: Dose -> the least effect the audit can find there, in scores.
        room: How far the score could rise.

    Returns:
        The dose; None where no dose that is found leaves the score unsaturated.
    """
    times = {
        dose: found / least[dose]
        for dose, found in effects.items()
        if least[dose] < found <= FULL * room
    }
    return min(times, key=lambda dose: (abs(times[dose] - TIMES), dose), default=None)


def _all(card: Card, ctx: Context, count: int) -> list[Opening]:
    """Return so many prompts of a card, or as many as its templates give."""
    while count:
        try:
            return openings(card, ctx, count)
        except UsageError:  # its templates give fewer
            count //= 2
    return []
