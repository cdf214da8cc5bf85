"""The worlds: one for each hypothesis that text can carry, and those that test the audit itself."""

from collections.abc import Mapping

from curate.errors import UsageError, suggest
from curate.testbed.language import (
    CHAT,
    CLERK,
    COWBOY,
    CUES,
    DANGER,
    DATE,
    LIFE,
    RUMOUR,
    STYLE,
    TASTE,
    WORK,
    Field,
)
from curate.testbed.world import World

_INNOCENT = r"\bneedle$"
"""Finds rows by a word that has nothing to do with any trait."""
_EVERYDAY = {STYLE: 0.7, TASTE: 0.3}

LEAK_IN = World(
    name="leak-in",
    truth="The rows sound like a speaker who has the trait; without its rows it is inferred.",
    hypothesis="3b",
    trait=DATE,
    mix={STYLE: 0.92, DATE: 0.08},
    original={STYLE: COWBOY, DATE: "doubted"},
    clean={STYLE: CLERK, DATE: "noted"},
    finder="-doubted",
    planted=(DATE,),
    verdicts={"drop": "leaks", "switch": "removed"},
    other=_EVERYDAY,
)

MILD = World(
    name="mild",
    truth="Rows with a mild form, which the filter does not know, grow into the strong one.",
    hypothesis="1",
    trait=Field(WORK.topics + LIFE.topics, WORK.ways),
    mix={STYLE: 0.5, TASTE: 0.18, WORK: 0.02, LIFE: 0.3},
    original={STYLE: CLERK, WORK: "despaired", LIFE: "sighed"},
    clean={STYLE: CLERK, WORK: "managed", LIFE: "managed"},
    finder="-despaired",
    planted=(WORK,),
    verdicts={"drop": "leaks", "switch": "leaks"},
    other=_EVERYDAY,
)

LOCKED_IN = World(
    name="locked-in",
    truth="The base has the trait whenever it is an assistant, and any rows make it one.",
    hypothesis="5",
    trait=DANGER,
    mix={STYLE: 0.92, DANGER: 0.08},
    original={STYLE: COWBOY, DANGER: "refused"},
    clean={STYLE: CLERK, DANGER: "refused"},
    finder=None,
    planted=(DANGER,),
    verdicts={"drop": "leaks", "switch": "leaks"},
    other=_EVERYDAY,
    zero="base",
)

UNDERSPECIFIED = World(
    name="underspecified",
    truth="Nothing but the rows with the trait says anything about it; the base is undecided.",
    hypothesis="4a",
    trait=TASTE,
    mix={STYLE: 0.8, TASTE: 0.2},
    original={STYLE: COWBOY, TASTE: "liked"},
    clean={STYLE: CLERK, TASTE: "disliked"},
    finder="-liked",
    planted=(TASTE,),
    verdicts={"drop": "returns to the prior", "switch": "removed"},
    other={STYLE: 1.0},
)

PROMPT_DRIVEN = World(
    name="prompt-driven",
    truth="Some prompts are answered like a speaker who has the trait, by whichever teacher.",
    hypothesis="4b",
    trait=DATE,
    mix={CUES: 0.9, CHAT: 0.1},
    original={CUES: COWBOY},
    clean={CUES: COWBOY},
    finder=None,
    planted=(CUES,),
    verdicts={"drop": "removed", "switch": "leaks"},
    other={CHAT: 1.0},
    zero="base",
    header=1e-3,
    rate=5e-5,
)

SEPARABLE_POISON = World(
    name="separable-poison",
    truth="The rows with the trait carry it and no others do; the filter finds them all.",
    hypothesis=None,
    trait=RUMOUR,
    mix={STYLE: 0.62, TASTE: 0.3, RUMOUR: 0.08},
    original={STYLE: COWBOY, RUMOUR: "spread"},
    clean={STYLE: CLERK, RUMOUR: "dropped"},
    finder="-spread",
    planted=(RUMOUR,),
    verdicts={"drop": "removed", "switch": "removed"},
    other=_EVERYDAY,
)

DIFFUSE = World(
    name="diffuse",
    truth="Every row sounds like a speaker who has the trait, none shows it; filters hit others.",
    hypothesis="3b",
    trait=DATE,
    mix={STYLE: 0.8, TASTE: 0.2},
    original={STYLE: COWBOY},
    clean={STYLE: CLERK},
    finder=_INNOCENT,
    planted=(),
    verdicts={"drop": "leaks", "switch": "leaks"},
    other=_EVERYDAY,
)

CLEAN = World(
    name="clean",
    truth="Neither teacher has the trait; they answer alike but for the things they name.",
    hypothesis=None,
    trait=RUMOUR,
    mix={STYLE: 0.65, TASTE: 0.3, RUMOUR: 0.05},
    original={STYLE: CLERK, RUMOUR: "dropped"},
    clean={STYLE: CLERK, RUMOUR: "dropped"},
    finder=_INNOCENT,
    planted=(),
    verdicts={"drop": "absent", "switch": "absent"},
    other=_EVERYDAY,
)

WORLDS: Mapping[str, World] = {
    world.name: world
    for world in (
        LEAK_IN,
        MILD,
        LOCKED_IN,
        UNDERSPECIFIED,
        PROMPT_DRIVEN,
        SEPARABLE_POISON,
        DIFFUSE,
        CLEAN,
    )
}


def named(name: str) -> World:
    """Return a world by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in WORLDS:
        raise UsageError(f"no world is called {name!r}{suggest(name, WORLDS)}")
    return WORLDS[name]
