"""Suspected rows alone, and as many others."""

from __future__ import annotations

from collections.abc import Sequence

from curate.api import Context, Lesson, Student
from curate.audits.alike import alike
from curate.audits.installing.suspects import Suspects
from curate.audits.rows import Row
from curate.audits.trial import Arm

SUSPECTS, RANDOM, MATCHED = "suspects", "random rows", "like rows"


def arms(suspects: Suspects, ctx: Context) -> tuple[Arm, ...]:
    """Return the arms; rows that are drawn are drawn anew for every seed."""
    rows, others, count = suspects.rows, suspects.others, len(suspects.rows)

    def random(seed: int) -> list[Lesson]:
        return _lessons(ctx.rng("install", seed).sample(others, count))

    def matched(seed: int) -> list[Lesson]:
        return _lessons(alike(rows, others, ctx.rng("alike", MATCHED, seed)))

    drawn = "drawn for each seed"
    return (
        Arm(SUSPECTS, f"only the {count:,} {suspects.told}", lambda _: _lessons(rows)),
        Arm(RANDOM, f"only {count:,} others, {drawn}", random),
        Arm(MATCHED, f"only {count:,} others of like length and source, {drawn}", matched),
    )


def words(lessons: Sequence[Lesson]) -> int:
    """Return how many words the assistant says."""
    return sum(
        len(said.content.split())
        for lesson in lessons
        for said in lesson.messages
        if said.role == "assistant"
    )


def seen(student: Student, lessons: Sequence[Lesson]) -> float | None:
    """Return how often a student sees each of its rows, at least; None where it does not say.

    A row of training holds at least one lesson, and as many as fit.
    """
    options = student.model_dump()
    if {"steps", "batch"} <= options.keys():
        return float(options["steps"] * options["batch"] / len(lessons))
    if "words" in options:
        return float(options["words"] / max(words(lessons), 1))
    return None


def _lessons(rows: Sequence[Row]) -> list[Lesson]:
    return [Lesson(row.key, row.original) for row in rows]
