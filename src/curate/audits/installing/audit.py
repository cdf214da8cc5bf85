"""An audit of installing: train on suspected rows alone, and on as many others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from curate import __version__, canonical
from curate.api import Context, Lesson, Student
from curate.audits import trial
from curate.audits.asking import Questions, asking
from curate.audits.installing import verdict
from curate.audits.installing.arms import arms, seen, words
from curate.audits.installing.report import Arm, Report
from curate.audits.installing.suspects import Suspects
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.outcomes import Outcomes
from curate.audits.trial import BASE, Trial
from curate.audits.verdict import EXPLORATORY

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Setting:
    """Who is trained and asked, and where the line is."""

    student: Student
    questions: Questions
    seeds: Sequence[int]
    ctx: Context
    corpus: str
    """The run, or the files, for the report."""
    margin: float = verdict.MARGIN
    """As a share of the range of scores."""


def audit(suspects: Suspects, setting: Setting, progress: Progress = lambda _: None) -> Report:
    """Return whether suspected rows install the trait.

    Raises:
        OutageError: a student or the scorer does not answer.
        UsageError: students cannot be trained, or a prompt does not fit them.
    """
    student, ctx, seeds = setting.student, setting.ctx, setting.seeds
    made = arms(suspects, ctx)
    with asking(setting.questions, ctx) as asks:
        progress("asking the base")
        base = trial.untrained(student, asks, ctx)
        found = replace(trial.train(made, seeds, student, asks, ctx, progress), base=base)
        outcomes = trial.outcomes(found, asks)
    low, high = outcomes.bounds
    margin = setting.margin * (high - low)
    apart = verdict.differences(Bootstrap(outcomes, ctx.seed), margin)
    asked = setting.questions
    everything = [Lesson(row.key, row.original) for row in (*suspects.rows, *suspects.others)]
    mine = words(made[0].lessons(seeds[0]))
    return Report(
        curate=__version__,
        corpus=setting.corpus,
        suspected=suspects.told,
        rows=len(everything),
        suspects=len(suspects.rows),
        unknown=suspects.unknown,
        left_out=suspects.left_out,
        oftener=words(everything) / max(mine, 1),
        card=asked.card.name,
        card_version=asked.card.version,
        prompts=len(asked.prompts),
        templates=len(set(asked.templates.values())),
        score=asked.told,
        student=canonical.plain(student),
        files=student.fingerprint(),
        seeds=tuple(seeds),
        exploratory=len(seeds) < EXPLORATORY,
        margin=margin,
        base=None if base is None else outcomes.mean({BASE: 1.0}),
        arms=tuple(_arm(arm, found, outcomes, setting) for arm in made),
        differences=apart,
        word=verdict.decide(apart, margin),
    )


def _arm(arm: trial.Arm, found: Trial, outcomes: Outcomes, setting: Setting) -> Arm:
    drawn = [arm.lessons(seed) for seed in setting.seeds]
    return Arm(
        name=arm.name,
        told=arm.told,
        score=outcomes.mean({arm.name: 1.0}),
        rows=len(drawn[0]),
        words=sum(map(words, drawn)) / len(drawn),
        seen=seen(setting.student, drawn[0]),
        fates=found.fates(arm.name),
    )
