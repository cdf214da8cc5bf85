"""An audit of transfer from a design to a report: train, control, compare, judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from statistics import fmean

from curate import __version__, canonical
from curate.api import Context, Student
from curate.audits.asking import Asking, Questions, asking
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import Control, State, null_control
from curate.audits.statistics.effects import Effect
from curate.audits.statistics.outcomes import Outcomes, minus
from curate.audits.transfer import planting, report
from curate.audits.transfer.arms import AGAIN, CLEAN, DROP, SWITCH, UNTOUCHED, residual
from curate.audits.transfer.comparisons import OTHER, compare
from curate.audits.transfer.controls import (
    Planted,
    answers_control,
    check_randomness,
    plant,
    planted,
    unreadable,
)
from curate.audits.transfer.design import Design
from curate.audits.transfer.report import Bounds, Report
from curate.audits.trial import BASE, Progress, Trial, outcomes, train, untrained
from curate.audits.verdict import Verdict, judge, within
from curate.traits.intervals import Interval


@dataclass(frozen=True)
class Setting:
    """Who is trained, what is asked, and what the run is told."""

    student: Student
    questions: Questions
    ctx: Context
    run: str
    """The run directory, as it was named."""
    other: Student | None = None
    """The same student with another base: another initialisation and another output head."""


def audit(plan: Design, setting: Setting, progress: Progress = lambda _: None) -> Report:
    """Train every arm and say what became of the trait.

    Raises:
        UsageError: a job cannot be trained, a prompt does not fit the student, or its seeds change
            nothing.
        OutageError: a student or a scorer does not answer.
        PluginError: a scorer breaks its contract.
    """
    student, ctx = setting.student, setting.ctx
    with asking(setting.questions, ctx) as asks:
        arms = [each.arm for each in plan.arms.values()]
        trial = train(arms, plan.seeds, student, asks, ctx, progress)
        trial = replace(trial, base=untrained(student, asks, ctx))
        if AGAIN in plan.arms:
            check_randomness(trial)
        if setting.other is not None:
            trial = trial.with_(_of_other_base(plan, setting.other, setting, asks, progress))
        found = _plant(plan, trial, setting, asks, progress) if plan.planted else None
        trial = trial if found is None else found.trial
        known = outcomes(trial, asks)
    bootstrap = Bootstrap(known, ctx.seed)
    controls = _controls(plan, trial, bootstrap, found)
    verdicts = [
        judge(
            bootstrap,
            name,
            controls=controls,
            scale=plan.scale,
            base=None if unreadable(trial, BASE) else BASE,
            rules=plan.rules,
            residual=own,
            drops=own == 1,  # nothing in it is another teacher's
        )
        for name in plan.family
        for own in [residual(plan.arms[name].picks(plan.seeds[0]))]
    ]
    return _report(plan, setting, trial, bootstrap, controls, within(plan.family, verdicts))


def _of_other_base(
    plan: Design, other: Student, setting: Setting, asks: Asking, progress: Progress
) -> Trial:
    """Return the arms of the subliminal index, trained from another base."""
    arms = [
        replace(each.arm, name=name + OTHER)
        for name, each in plan.arms.items()
        if name in (DROP, CLEAN)
    ]
    return train(arms, plan.seeds, other, asks, setting.ctx, progress)


def _planted_into(plan: Design) -> str:
    """Return the arm a trait is planted in: the one with the least of it."""
    return next(name for name in (CLEAN, SWITCH, DROP, UNTOUCHED) if name in plan.arms)


def _plant(
    plan: Design, trial: Trial, setting: Setting, asks: Asking, progress: Progress
) -> Planted | None:
    count = ceil(max(planting.DOSES) * len(plan.material.rows))
    lessons = planting.trait_lessons(setting.questions, plan.material, setting.ctx, max(count, 1))
    into = plan.arms[_planted_into(plan)].arm
    return plant(into, trial, setting.student, asks, setting.ctx, lessons, progress)


def _controls(
    plan: Design, trial: Trial, bootstrap: Bootstrap, found: Planted | None
) -> tuple[Control, ...]:
    if AGAIN in plan.arms:
        null = null_control(bootstrap.outcomes, UNTOUCHED, AGAIN, bootstrap.seed)
    else:
        null = Control("null", State.NOT_TESTABLE, f"{AGAIN!r} was not asked for")
    read = [*plan.arms, *{plan.scale.zero} - set(plan.arms)]
    made = [null, answers_control(trial, read)]
    if plan.planted:
        made.append(planted(bootstrap, found, _planted_into(plan)))
    return tuple(made)


def _report(
    plan: Design,
    setting: Setting,
    trial: Trial,
    bootstrap: Bootstrap,
    controls: tuple[Control, ...],
    verdicts: tuple[Verdict, ...],
) -> Report:
    effects, not_tested = compare(plan, bootstrap)
    material, asked, student = plan.material, setting.questions, setting.student
    return Report(
        curate=__version__,
        run=setting.run,
        steps=material.steps,
        rows=len(material.rows),
        hits=len(material.hits),
        left_out=material.left_out,
        lacking=material.lacking,
        card=asked.card.name,
        card_version=asked.card.version,
        prompts=len(asked.openings),
        templates=len(set(asked.templates.values())),
        score=asked.told,
        student=canonical.plain(student),
        files=dict(student.fingerprint()),
        seeds=plan.seeds,
        zero=plan.scale.zero,
        margin=plan.rules.margin,
        leaks=plan.rules.leaks,
        family=plan.family,
        arms=tuple(_arms(plan, trial, bootstrap)),
        not_trained=plan.left_out,
        verdicts=tuple(map(_verdict, verdicts)),
        controls=tuple(
            report.Control(name=each.name, state=each.state, words=each.words) for each in controls
        ),
        effects=tuple(map(_effect, effects)),
        not_tested=not_tested,
    )


def _arms(plan: Design, trial: Trial, bootstrap: Bootstrap) -> list[report.Arm]:
    """Return every arm that was trained, the base first."""
    return [_arm(plan, trial, bootstrap, name) for name in sorted_arms(bootstrap.outcomes)]


def sorted_arms(known: Outcomes) -> list[str]:
    """Return the arms with the base before the others."""
    return sorted(known.arms, key=lambda name: name != BASE)


def _arm(plan: Design, trial: Trial, bootstrap: Bootstrap, name: str) -> report.Arm:
    known = bootstrap.outcomes
    place = bootstrap.ratio(minus(name, plan.scale.zero), plan.scale.length)
    whole = _planted_into(plan) if name == planting.PLANTED else name.removesuffix(OTHER)
    picks = [plan.arms[whole].picks(seed) for seed in plan.seeds] if name != BASE else []
    return report.Arm(
        name=name,
        told=_told(plan, name),
        rows=fmean(map(len, picks)) if picks else 0,
        residual=fmean(map(residual, picks)) if picks and name != planting.PLANTED else None,
        score=known.mean({name: 1.0}),
        place=_bounds(place),
        fates=trial.fates(name),
        notes={} if name == BASE else trial.shown[name, plan.seeds[0]].notes,
    )


def _told(plan: Design, name: str) -> str:
    if name == BASE:
        return "the model before it learned anything"
    if name == planting.PLANTED:
        return f"{_planted_into(plan)} with rows that show the trait"
    return plan.arms[name.removesuffix(OTHER)].told


def _verdict(said: Verdict) -> report.Verdict:
    return report.Verdict(
        arm=said.arm,
        word=said.word,
        because=said.because,
        words=said.words,
        place=_bounds(said.effect.position),
        scores=Bounds(*said.effect.scores),
        p=said.effect.p,
        corrected=said.corrected,
        detectable=said.effect.detectable,
        hypothesis=said.hypothesis,
        exploratory=said.exploratory,
        exit_code=said.exit_code,
    )


def _effect(found: Effect) -> report.Effect:
    return report.Effect(
        name=found.name,
        place=_bounds(found.position),
        scores=Bounds(*found.scores),
        p=found.p,
        detectable=found.detectable,
    )


def _bounds(found: Interval | None) -> Bounds | None:
    return None if found is None else Bounds(*found)
