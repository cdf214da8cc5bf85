"""Post-training diffing from inputs to a report: train the arms, compare them, judge hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from curate import __version__, canonical
from curate.api import Context, Student
from curate.audits.asking import Asking, Questions, asking
from curate.audits.diffing import arms, figures
from curate.audits.diffing.inputs import Inputs
from curate.audits.diffing.measured import Measured
from curate.audits.diffing.names import (
    BASE,
    CELLS,
    ORIGINAL,
    OTHER,
    OTHER_ORIGINAL,
    SWITCHED,
    WITHOUT_MILD,
    drop,
    elsewhere,
)
from curate.audits.diffing.report import Report
from curate.audits.diffing.subset import Subset, first
from curate.audits.hypotheses.seven import findings
from curate.audits.memory import Shown
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.trial import Arm, Progress, Trial, outcomes, train, untrained
from curate.audits.verdict import EXPLORATORY


@dataclass(frozen=True)
class Design:
    """What is trained."""

    inputs: Inputs
    subsets: tuple[Subset, ...]
    fractions: tuple[float, ...]
    """Shares between 0 and 1 at which random rows are mixed."""
    seeds: tuple[int, ...]
    not_used: dict[str, str]
    """Subset -> why it has no arms."""
    shown: bool = True
    """Whether any original row shows the trait, as far as its scorer sees."""


@dataclass(frozen=True)
class Setting:
    """Who is trained, and what is asked."""

    student: Student
    questions: Questions
    ctx: Context
    other: Student | None = None
    """The same student with another base, which has another output head."""


def audit(design: Design, setting: Setting, progress: Progress = lambda _: None) -> Report:
    """Train every arm and say what carries the trait.

    Raises:
        OutageError: a student or a scorer does not answer.
        PluginError: a scorer breaks its contract.
        UsageError: a job cannot be trained, or a prompt does not fit the student.
    """
    made = list(_arms(design, setting.ctx))
    with asking(setting.questions, setting.ctx) as asks:
        trial = train(made, design.seeds, setting.student, asks, setting.ctx, progress)
        trial = replace(trial, base=untrained(setting.student, asks, setting.ctx))
        if setting.other is not None:
            trial = trial.with_(
                _elsewhere(design, setting.other, made, setting.ctx, asks, progress)
            )
        known = outcomes(trial, asks)
    found = Measured(
        Bootstrap(known, setting.ctx.seed),
        len(design.inputs.rows),
        design.subsets,
        design.fractions if design.inputs.switched else (),
        design.shown,
    )
    return _report(design, setting, found)


def _arms(design: Design, ctx: Context) -> Iterator[Arm]:
    """Yield every arm that the inputs allow, but those of another base."""
    inputs = design.inputs
    yield from arms.cells(inputs)
    if not inputs.switched:
        return
    yield from arms.line(inputs.rows, design.fractions, ctx)
    for subset in design.subsets:
        yield from arms.of_subset(inputs.rows, subset)
    hits, mild = first(design.subsets, "hits"), first(design.subsets, "mild")
    if mild is not None:
        yield from arms.without_mild(inputs.rows, hits.keys if hits else set(), mild.keys, ctx)


def _elsewhere(
    design: Design,
    other: Student,
    made: list[Arm],
    ctx: Context,
    asks: Asking,
    progress: Progress,
) -> Trial:
    """Train the other base on every cell and on what a filter leaves; ask it untrained, too."""
    hits = first(design.subsets, "hits")
    wanted = {*CELLS, WITHOUT_MILD, *([drop(hits.name)] if hits else [])}
    chosen = [replace(arm, name=elsewhere(arm.name)) for arm in made if arm.name in wanted]
    trial = train(chosen, design.seeds, other, asks, ctx, progress)
    base = untrained(other, asks, ctx)
    if base is None:
        return trial
    shown = {(elsewhere(BASE), seed): Shown(base, ()) for seed in design.seeds}
    return replace(trial, shown={**trial.shown, **shown})


def _report(design: Design, setting: Setting, found: Measured) -> Report:
    inputs, asked = design.inputs, setting.questions
    sizes = {
        ORIGINAL: len(inputs.rows),
        SWITCHED: len(inputs.rows),
        OTHER: len(inputs.other),
        OTHER_ORIGINAL: len(inputs.other_original),
    }
    standing = figures.subsets(found)
    return Report(
        curate=__version__,
        card=asked.card.name,
        card_version=asked.card.version,
        score=asked.told,
        student=canonical.plain(setting.student),
        seeds=design.seeds,
        prompts=len(asked.openings),
        exploratory=len(design.seeds) < EXPLORATORY,
        margin=found.rules.margin,
        leaks=found.rules.leaks,
        rows=len(inputs.rows),
        left_out=inputs.left_out,
        not_used=design.not_used,
        cells=figures.cells(found, sizes),
        line=figures.line(found),
        subsets=standing,
        virulent=figures.virulent(standing),
        resolved=_resolved(found),
        hypotheses=findings(found),
    )


def _resolved(found: Measured) -> bool:
    """Say whether the original rows are told apart from any other end."""
    ends = filter(found.has, (SWITCHED, OTHER, OTHER_ORIGINAL, BASE))
    return any(found.apart(end, ORIGINAL) for end in ends)
