"""Whole audits of transfer with students that need no training."""

import math
from collections.abc import Sequence
from typing import Any

import yaml

from curate.api import Context, Filter, Rule
from curate.audits.asking import Questions, questions
from curate.audits.rows import Material
from curate.audits.transfer.audit import Setting, audit
from curate.audits.transfer.design import design
from curate.audits.transfer.report import Report
from curate.probing import Scoring
from curate.traits.card import Card
from fake_students import CARD, Fake, material

LEAKS = Fake(leak=4.0, trait=40.0, other=40.0)
"""Dropping leaves the trait, switching removes it."""
SEPARABLE = Fake()
"""The hits carry all of it."""
RETURNS = Fake(base=-0.5, other=30.0)
"""Half of what the base says shows the trait, and clean rows of the topic would take it away."""

FEW = ("drop", "switch", "untouched again")
"""The arms a verdict needs, beside the ends of the scale."""


def questions_of(
    scorer: Filter | None = None, ctx: Context | None = None, count: int = 12, card: str = CARD
) -> Questions:
    """Return what students are asked: by the card's contrast, or answers read by a scorer."""
    scoring = Scoring(None, Rule(at_least=0), (-math.inf, math.inf))
    if scorer is not None:
        scoring = Scoring(scorer, Rule(at_least=0.5), (0.0, 1.0))
    loaded = Card.model_validate(yaml.safe_load(card))
    return questions(loaded, scoring, ctx or Context(), count, None)


def audited(
    student: Fake,
    rows: Material | None = None,
    *,
    scorer: Filter | None = None,
    ctx: Context | None = None,
    seeds: Sequence[int] = range(8),
    only: Sequence[str] = FEW,
    other: Fake | None = None,
    **more: Any,
) -> Report:
    """Return the report of an audit."""
    ctx = ctx or Context()
    plan = design(rows or material(), ctx, seeds, has_base=student.begins, only=only, **more)
    return audit(plan, Setting(student, questions_of(scorer, ctx), ctx, "runs/first", other))
