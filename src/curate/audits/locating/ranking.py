"""How much each row is expected to give a student the trait, against its clean answer.

A switch takes one completion away and puts another in its place; so what counts is the difference
of their gradients, and its product with the gradient of the trait: the log-odds that the card's
continuation is said which shows it. Gradients are taken after a short warm-up on the rows as they
are (Xia et al. 2024, "LESS: selecting influential data for targeted instruction tuning"), as they
say little of a student that has not begun to learn. Products and not cosines: only these add up to
what switching several rows does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from curate.api import Context, Job, Lesson, Student
from curate.audits.asking import Questions
from curate.audits.locating.apart import prompts_apart
from curate.audits.rows import Row
from curate.errors import UsageError
from curate.students.tiny.checkpoint import Checkpoint, load
from curate.students.tiny.gradients import projected
from curate.students.tiny.talker import TinyTalker
from curate.students.tiny.tokens import Text, Tokens
from curate.students.tiny_lm import TinyLM
from curate.traits.openings import Opening

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WARM = 3
"""The warm-up takes one in so many of a student's steps."""
_BATCH = 1000
"""Rows whose gradients are kept at once."""


def ranked(
    student: Student, rows: Sequence[Row], questions: Questions, ctx: Context
) -> dict[str, float]:
    """Return for each row that has a clean answer what its own answer adds to the trait.

    Args:
        student: Whose gradients are taken; it may be smaller than who is trained.
        rows: All of them.
        questions: What students will be asked, which is not what the gradient is taken of.
        ctx: Its seed decides the prompts, the warm-up and the projection.

    Raises:
        UsageError: the student has no gradients that can be read, or the card no contrast or no
            prompts but those that are asked.
    """
    if not isinstance(student, TinyLM):
        raise UsageError(
            f"rows are ranked by gradients, which a student {student.name!r} does not give; "
            "take --ranker or --student tiny_lm"
        )
    known = [row for row in rows if row.clean is not None]
    base = _warm(known, student, ctx)
    reach, seed = student.reach(base.tokens), ctx.rng("locating", "gradients").getrandbits(62)
    asked = prompts_apart(questions, ctx)

    def gradients(texts: Sequence[Text]) -> Floats:
        return projected(base, reach, [_cut(text, student.length) for text in texts], seed)

    trait = gradients([_said(base.tokens, each, each.shows) for each in asked])
    trait -= gradients([_said(base.tokens, each, each.not_) for each in asked])
    direction = trait.mean(axis=0)
    found: dict[str, float] = {}
    for at in range(0, len(known), _BATCH):
        some = known[at : at + _BATCH]
        own = gradients([base.tokens.conversation(row.original) for row in some])
        own -= gradients([base.tokens.conversation(row.clean or ()) for row in some])
        found |= zip((row.key for row in some), (own @ direction).tolist(), strict=True)
    return found


def _warm(rows: Sequence[Row], student: TinyLM, ctx: Context) -> Checkpoint:
    """Return a student that has begun to learn the rows as they are."""
    short = student.model_copy(update={"steps": student.steps // WARM})
    lessons = tuple(Lesson(row.key, row.original) for row in rows)
    job = Job("warm-up", lessons, ctx.seed)
    with tempfile.TemporaryDirectory() as folder, short.train([job], ctx) as (talker,):
        assert isinstance(talker, TinyTalker)  # noqa: S101  (what tiny_lm gives)
        talker.save(Path(folder))
        return load(Path(folder))


def _said(tokens: Tokens, opening: Opening, answer: str) -> Text:
    """Return a prompt, and after it the beginning of an answer that is said."""
    start, said = tokens.opening(opening.messages), tokens.encode(answer)
    return Text(start + said, [False] * len(start) + [True] * len(said))


def _cut(text: Text, length: int | None) -> Text:
    return Text(text.ids[:length], text.said[:length])
