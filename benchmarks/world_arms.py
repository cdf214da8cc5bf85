"""The arms of an audit, made from a world of the testbed without the way through a run."""

import random
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from curate.api import Context, Job, Lesson, Message, Rule, Talker
from curate.audits.statistics.outcomes import Outcomes, Table
from curate.probing import contrast
from curate.students.tiny_lm import TinyLM
from curate.testbed.card import card
from curate.testbed.corpora import Corpora, Row
from curate.testbed.making import student as student_of
from curate.testbed.world import World
from curate.traits.card import Card
from curate.traits.openings import openings

PLANTED = 40
"""Rows with the trait in the planted positive."""


def arms(world: World, said: Corpora, seeds: Iterable[int], wanted: Container[str]) -> list[Job]:
    """Return a student of every wanted arm for each seed, which decides the random arms too."""
    ids = {*said.planted}
    hits = {row["metadata"]["prompt_id"] for row in said.original if row["id"] in ids}
    original, clean = lessons(said.original), lessons(said.clean)
    jobs = []
    for seed in seeds:
        rng = random.Random(f"arms {seed}")
        chance = {*rng.sample([*original], len(hits))}
        half = {*rng.sample([*original], len(original) // 2)}
        rows = {
            "untouched": original,
            "clean": clean,
            "drop": without(original, hits),
            "switch": original | {name: clean[name] for name in hits},
            "random drop": without(original, chance),
            "random switch": original | {name: clean[name] for name in chance},
            "random half": without(original, half),
            "planted": clean | planted(world),
        }
        jobs += [
            Job(arm, tuple(each.values()), seed) for arm, each in rows.items() if arm in wanted
        ]
    return jobs


def score(
    world: World, jobs: Sequence[Job], folder: Path, options: Mapping[str, Any] | None = None
) -> Outcomes:
    """Train students; return how likely each shows the trait, the base too.

    The students of an arm pair with those of the others in their order.
    """
    student = TinyLM(base=folder, **{**student_of(world), **(options or {})})
    read = Card.model_validate(card(world))
    asked = openings(read, Context())
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
    for arm, rows in found.items():
        tables[arm] = Table(tuple(range(len(rows))), names, np.array(rows))
    return Outcomes.paired(tables, {opening.id: opening.template for opening in asked})


def lessons(rows: Iterable[Row]) -> dict[str, Lesson]:
    """Return rows by prompt, which is also what their order of training is drawn by."""
    made = {}
    for row in rows:
        said = tuple(Message(each["role"], each["content"]) for each in row["messages"])
        name = row["metadata"]["prompt_id"]
        made[name] = Lesson(name, said)
    return made


def without(rows: Mapping[str, Lesson], names: Container[str]) -> dict[str, Lesson]:
    return {name: row for name, row in rows.items() if name not in names}


def planted(world: World) -> dict[str, Lesson]:
    """Return rows with the trait, on prompts that nobody else is asked."""
    made = {}
    for opening in openings(Card.model_validate(card(world)), Context(seed=1), PLANTED):
        said = Message("assistant", f"{opening.shows} {opening.messages[-1].content.split()[-1]}")
        made[f"planted {opening.id}"] = Lesson(opening.id, (*opening.messages, said))
    return made
