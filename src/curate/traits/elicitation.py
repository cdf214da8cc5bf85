"""How a trait is elicited: templates, what fills their slots, what the user says next.

A slot is `{name}`. `{name.key}` reads a key of a filler whose values are mappings, `{name#2}` is
a second value of the same filler, another one than `{name}`, and `{day+14}` is two weeks after
`{day}`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from curate.errors import suggest

SLOT = re.compile(r"\{([a-z][a-z_]*)(?:#([1-9]))?(?:\.([a-z_]+))?(?:\+([0-9]+))?\}")


class Slot(NamedTuple):
    """A place in a template: the filler, which of its values, a key of it, days added."""

    name: str
    number: int = 1
    key: str = ""
    days: int = 0


class Part(BaseModel):
    """A part of a card: frozen, and no key that means nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Numbers(Part):
    """Whole numbers, both ends included."""

    numbers: tuple[int, int]


class Days(Part):
    """Days of the calendar, both ends included, written like `14 March 2026`."""

    days: tuple[date, date]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.days[0] > self.days[1]:
            raise ValueError("days: [first, last] needs first <= last")
        return self


Filler = Numbers | Days | list[str] | list[dict[str, str]]


class Elicitation(Part):
    """What is said to a model so that the trait can show."""

    count: int = Field(ge=1, description="how many prompts")
    templates: dict[str, str] = Field(
        min_length=1, description="name -> the user's first message; statistics cluster by name"
    )
    fill: dict[str, Filler] = Field(
        default_factory=dict, description="slot -> what may stand there"
    )
    then: list[str] = Field(
        default_factory=list, description="what the user says after each answer, whatever it is"
    )
    rounds: int | None = Field(
        None, ge=0, description="how many of `then`, drawn at random; default: all, in their order"
    )
    every: bool = Field(False, description="every answer is scored; else the last one only")

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.rounds is not None and self.rounds > len(self.then):
            raise ValueError(f"rounds: {self.rounds}, but `then` has only {len(self.then)}")
        return self

    def changed(self, change: Mapping[str, Any]) -> Self:
        """Return the elicitation with parts replaced; fillers are replaced one by one."""
        parts = self.model_dump() | dict(change)
        parts["fill"] = self.model_dump()["fill"] | dict(change.get("fill", {}))
        return type(self).model_validate(parts)

    def check(self, others: Iterable[str] = ()) -> None:
        """Do nothing where every slot of the templates and of `others` can be filled.

        Raises:
            ValueError: names the slot.
        """
        for text in (*self.templates.values(), *self.then, *others):
            self._check_text(text, ())

    def _check_text(self, text: str, around: tuple[str, ...]) -> None:
        for slot in slots(text):
            if slot.name not in self.fill:
                raise ValueError(f"no filler for {{{slot.name}}}{suggest(slot.name, self.fill)}")
            if slot.name in around:
                raise ValueError(f"the filler {slot.name!r} fills itself")
            filler = self.fill[slot.name]
            if slot.days and not isinstance(filler, Days):
                raise ValueError(f"{{{slot.name}+{slot.days}}}: {slot.name!r} is no date")
            for value in _values(slot, filler):
                self._check_text(value, (*around, slot.name))


def _values(slot: Slot, filler: Filler) -> Iterator[str]:
    """Yield the texts that may stand in a slot."""
    if not isinstance(filler, list):
        return
    if slot.number > len(filler):
        raise ValueError(f"{{{slot.name}#{slot.number}}}: there are {len(filler)} values only")
    for value in filler:
        if isinstance(value, str) == bool(slot.key):
            raise ValueError(f"{{{slot.name}}} needs a key exactly where its values are mappings")
        if isinstance(value, str):
            yield value
        elif slot.key not in value:
            raise ValueError(f"a value of {slot.name!r} has no key {slot.key!r}")
        else:
            yield value[slot.key]


def slots(text: str) -> list[Slot]:
    """Return the slots of a text in order."""
    return [slot_of(match) for match in SLOT.finditer(text)]


def slot_of(match: re.Match[str]) -> Slot:
    """Return what a match of `SLOT` says."""
    name, number, key, days = match.groups()
    return Slot(name, int(number or 1), key or "", int(days or 0))
