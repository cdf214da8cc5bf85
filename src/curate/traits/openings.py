"""The prompts of a card, made from its templates: the same for the same seed, on any machine."""

from dataclasses import dataclass
from datetime import date, timedelta

from curate.api import Context, Message
from curate.errors import UsageError, suggest
from curate.traits.card import Card
from curate.traits.elicitation import SLOT, Days, Elicitation, Numbers, Slot, slot_of

_TRIES = 100
"""Draws for a prompt that differs from all before it."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_Said = tuple[tuple[Message, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Opening:
    """One prompt of a card, and everything that will be said on the user's side."""

    id: str
    """`template/number`."""
    template: str
    messages: tuple[Message, ...]
    replies: tuple[str, ...] = ()
    """What the user says after each answer but the last."""
    shows: str = ""
    not_: str = ""
    """The two continuations of a contrast, where the card has one."""


def openings(
    card: Card, ctx: Context, count: int | None = None, control: str | None = None
) -> list[Opening]:
    """Return `count` different prompts (default: the card's), the templates taking turns.

    The first prompts of a longer list are those of a shorter one. A control draws what the
    original draws, wherever its fillers are the same.

    Raises:
        UsageError: no such control, or the templates do not give that many different prompts.
    """
    elicit = card.elicit
    if control is not None:
        if control not in card.controls:
            known = suggest(control, card.controls)
            raise UsageError(f"card {card.name!r} has no control named {control!r}{known}")
        elicit = elicit.changed(card.controls[control].change)
    wanted, names = elicit.count if count is None else count, list(elicit.templates)
    seen: set[_Said] = set()
    made = []
    for place in range(wanted):
        template, number = names[place % len(names)], place // len(names)
        opening = _different(_Maker(card, elicit, ctx), template, number, seen)
        if opening is None:
            raise UsageError(
                f"card {card.name!r}: template {template!r} gives only {number} different prompts, "
                f"and {wanted} prompts were asked for; add values to its slots, or ask for fewer"
            )
        seen.add((opening.messages, opening.replies))
        made.append(opening)
    return made


def _different(maker: "_Maker", template: str, number: int, seen: set[_Said]) -> Opening | None:
    for attempt in range(_TRIES):
        opening = maker.make(template, number, attempt)
        if (opening.messages, opening.replies) not in seen:
            return opening
    return None


@dataclass(frozen=True, slots=True)
class _Maker:
    card: Card
    elicit: Elicitation
    ctx: Context

    def make(self, template: str, number: int, attempt: int) -> Opening:
        key = ("trait", self.card.name, template, number, attempt)

        def fill(text: str) -> str:
            return self._filled(text, key)

        system, contrast = self.card.context.system, self.card.score.contrast
        first = [Message("system", fill(system))] if system else []
        replies = self.elicit.then
        if self.elicit.rounds is not None:
            replies = self.ctx.rng(*key).sample(replies, self.elicit.rounds)
        return Opening(
            id=f"{template}/{number:04d}",
            template=template,
            messages=(*first, Message("user", fill(self.elicit.templates[template]))),
            replies=tuple(map(fill, replies)),
            shows=fill(contrast.shows) if contrast else "",
            not_=fill(contrast.not_) if contrast else "",
        )

    def _filled(self, text: str, key: tuple[object, ...]) -> str:
        return SLOT.sub(lambda match: self._value(slot_of(match), key), text)

    def _value(self, slot: Slot, key: tuple[object, ...]) -> str:
        filler = self.elicit.fill[slot.name]
        if isinstance(filler, Numbers):
            return str(self.ctx.rng(*key, slot.name, slot.number).randint(*filler.numbers))
        if isinstance(filler, Days):
            first, last = filler.days
            past = self.ctx.rng(*key, slot.name, slot.number).randint(0, (last - first).days)
            return _written(first + timedelta(past + slot.days))
        order = self.ctx.rng(*key, slot.name).sample(range(len(filler)), len(filler))
        value = filler[order[slot.number - 1]]
        text = value if isinstance(value, str) else value[slot.key]
        return self._filled(text, key)


def _written(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
