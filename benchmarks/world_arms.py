"""The arms of an audit, made from a world of the testbed without the way through a run."""

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from curate.api import Context, Job, Lesson, Message, Rule, Talker
from curate.audits.statistics.outcomes import Outcomes, Table
from curate.probing import contrast
from curate.students.tiny_lm import TinyLM
from curate.testbed.card import card
from curate.testbed.corpora import Corpora, Row
from curate.testbed.making import STUDENT
from curate.testbed.world import World
from curate.traits.card import Card
from curate.traits.openings import openings

PLANTED = 0.25
"""The share of prompts about the trait that the planted positive answers as one who has it."""


def arms(world: World, said: Corpora, seed: int) -> dict[str, Job]:
    """Return one student of every arm, by name."""
    rng = random.Random(f"arms {seed}")
    hits = {row["metadata"]["prompt_id"] for row in said.original if row["id"] in {*said.planted}}
    names = [row["metadata"]["prompt_id"] for row in said.original]
    chance = set(rng.sample(names, len(hits)))
    half = set(rng.sample(names, len(names) // 2))
    original, clean = by_prompt(said.original), by_prompt(said.clean)
    rows = {
        "untouched": original,
        "clean": clean,
        "drop": without(original, hits),
        "switch": original | {name: clean[name] for name in hits},
        "random drop": without(original, chance),
        "random switch": original | {name: clean[name] for name in chance},
        "random half": without(original, half),
        "planted": clean | planted(world, clean, rng),
    }
    return {
        arm: Job(arm, tuple(lesson(name, row) for name, row in each.items()), seed)
        for arm, each in rows.items()
    }


def score(
    world: World, jobs: Sequence[Job], folder: Path, options: Mapping[str, Any] | None = None
) -> Outcomes:
    """Train students of arms; return how likely each shows the trait, against the base."""
    student = TinyLM(base=folder, **{**STUDENT, **(options or {})})
    read = Card.model_validate(card(world))
    asked = openings(read, Context())
    seeds = tuple(dict.fromkeys(job.seed for job in jobs))
    names = tuple(opening.id for opening in asked)
    ctx, found = Context(), dict[str, list[list[float]]]()

    def scores(talker: Talker) -> list[float]:
        told = contrast(asked, read, talker, Rule(at_least=0.0))
        return [1 / (1 + float(np.exp(-reading.score))) for reading in told]

    with student.untrained(ctx) as talker:
        tables = {"base": Table((), names, np.array([scores(talker)]))}
    with student.train(jobs, ctx) as talkers:
        for job, talker in zip(jobs, talkers, strict=True):
            found.setdefault(job.name, []).append(scores(talker))
    tables |= {arm: Table(seeds, names, np.array(rows)) for arm, rows in found.items()}
    return Outcomes.paired(tables, {opening.id: opening.template for opening in asked})


def by_prompt(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["metadata"]["prompt_id"]: row for row in rows}


def without(rows: Mapping[str, Row], names: set[str]) -> dict[str, Row]:
    return {name: row for name, row in rows.items() if name not in names}


def planted(world: World, rows: Mapping[str, Row], rng: random.Random) -> dict[str, Row]:
    """Return rows about the trait with answers that show it."""
    shows, not_ = world.trait.ways[:2]
    could = [name for name, row in rows.items() if f"-{not_} " in row["messages"][-1]["content"]]
    made = {}
    for name in rng.sample(could, round(len(could) * PLANTED)):
        *before, last = rows[name]["messages"]
        changed = {**last, "content": last["content"].replace(f"-{not_} ", f"-{shows} ")}
        made[name] = {**rows[name], "messages": [*before, changed]}
    return made


def lesson(name: str, row: Row) -> Lesson:
    said = tuple(Message(each["role"], each["content"]) for each in row["messages"])
    return Lesson(name, said)
