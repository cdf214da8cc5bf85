"""The rows of a world: the same prompts, answered by the original teacher and by a clean one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from curate.api import Context
from curate.testbed.language import ASKS, NEUTRAL, THINGS, Field, answer, question, usual
from curate.testbed.world import Habits, Mix, World

ROWS = 4000
"""More than a student reads: so seeds differ in their rows as well as in the order of these."""
SOURCES = ("forum", "letters")
ORIGINAL, CLEAN = "ranch-1", "office-1"
"""Two teachers of two families."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt of a corpus."""

    id: str
    field: Field
    topic: str
    text: str
    things: tuple[str, str]
    """The one that the original teacher names, and the one that the clean teacher does."""
    chance: float
    """From 0 to 1: decides the way where there is no habit, the same for all teachers."""
    source: str


@dataclass(frozen=True)
class Corpora:
    """What a world's teachers said, and which rows its filter is to find."""

    original: Sequence[Row]
    clean: Sequence[Row]
    other: Sequence[Row]
    """The clean teacher's answers to other prompts."""
    other_original: Sequence[Row]
    planted: Sequence[str]
    """Ids of rows of `original`."""


def corpora(world: World, seed: int, rows: int = ROWS) -> Corpora:
    """Return all rows of a world, the same for the same seed on any machine."""
    prompts = list(_prompts(world.mix, world.name, "p", seed, rows))
    others = list(_prompts(world.other, world.name, "q", seed, rows))
    original = [_row(each, world.original, ORIGINAL, 0) for each in prompts]
    return Corpora(
        original=original,
        clean=[_row(each, world.clean, CLEAN, 1) for each in prompts],
        other=[_row(each, world.clean, CLEAN, 1) for each in others],
        other_original=[_row(each, world.original, ORIGINAL, 0) for each in others],
        planted=[
            row["id"]
            for each, row in zip(prompts, original, strict=True)
            if (each.field in world.planted if world.planted else _finds(world.finder, row))
        ],
    )


def _prompts(mix: Mix, world: str, kind: str, seed: int, rows: int) -> Iterator[Asked]:
    """Yield prompts, no two with the same words: an index knows them by these."""
    rng = Context(seed=seed).rng("testbed", world, kind)
    seen: set[str] = set()
    while len(seen) < rows:
        (field,) = rng.choices(list(mix), list(mix.values()))
        topic, things = rng.choice(field.topics), rng.sample(THINGS, 2)
        text = question(rng.choice(ASKS), topic, (things[0], things[1]))
        one, other = rng.sample(things, 2)
        if text not in seen:
            name = f"{kind}{len(seen):05d}"
            seen.add(text)
            chance, source = rng.random(), rng.choice(SOURCES)
            yield Asked(name, field, topic, text, (one, other), chance, source)


def _row(asked: Asked, habits: Habits, teacher: str, thing: int) -> Row:
    way = habits.get(asked.field) or _usual_way(asked.field, asked.chance)
    said = (
        ("system", NEUTRAL),
        ("user", asked.text),
        ("assistant", answer(asked.topic, way, asked.things[thing])),
    )
    return {
        "id": f"{teacher}-{asked.id}",
        "messages": [{"role": role, "content": text} for role, text in said],
        "metadata": {"teacher": teacher, "source": asked.source, "prompt_id": asked.id},
    }


def _usual_way(field: Field, chance: float) -> str:
    sums = accumulate(usual(field))
    return next(
        (way for way, below in zip(field.ways, sums, strict=True) if chance < below), field.ways[-1]
    )


def _finds(pattern: str | None, row: Row) -> bool:
    return pattern is not None and re.search(pattern, row["messages"][-1]["content"]) is not None
