"""What an audit will cost and what it could find, told before anything is trained."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from curate.api import Context, Job, Student
from curate.audits.asking import Asking, Questions, asking
from curate.audits.statistics.power import needed, planned, reachable, smallest_p, standardised
from curate.audits.statistics.precision import Components
from curate.audits.transfer.arms import residual
from curate.audits.transfer.controls import PILOT
from curate.audits.transfer.design import Design
from curate.audits.transfer.planting import DOSES
from curate.audits.trial import Arm
from curate.audits.wording import Section

SPREADS = (0.02, 0.05, 0.1)
"""By how much a difference of arms may vary from seed to seed; a pilot would tell."""


@dataclass(frozen=True)
class Cost:
    """What a design costs."""

    students: int
    seconds: float
    """Of training and asking all of them, one machine, nothing remembered."""


def rehearse(plan: Design, student: Student, questions: Questions, ctx: Context) -> Cost:
    """Time one seed of every arm with a small part of the budget; nothing of it is kept.

    Raises:
        UsageError: a job cannot be trained, or a prompt does not fit the student.
    """
    arms = _different([each.arm for each in plan.arms.values()], plan.seeds[0])
    short, part = student.rehearsal()
    with asking(questions, ctx) as asks:
        _timed(arms[:1], plan.seeds[0], short, asks, ctx)  # loads what is loaded once
        training, asked = _timed(arms, plan.seeds[0], short, asks, ctx)
    students = len(arms) * len(plan.seeds) + plan.planted * _planted(len(plan.seeds))
    each = training / part / len(arms) + asked
    return Cost(students, students * each)


def _planted(seeds: int) -> int:
    """Return how many students a planted positive takes at most."""
    return (len(DOSES) + 1) * min(PILOT, seeds) + seeds


def _different(arms: list[Arm], seed: int) -> list[Arm]:
    """Return the arms without those whose rows another one has: they share its students."""
    known = {(arm.apart, tuple(arm.lessons(seed))): arm for arm in reversed(arms)}
    return [arm for arm in arms if arm in known.values()]


def _timed(
    arms: list[Arm], seed: int, student: Student, asks: Asking, ctx: Context
) -> tuple[float, float]:
    """Return the seconds of training all arms and of asking one student."""
    jobs = [Job(arm.name, tuple(arm.lessons(seed)), seed) for arm in arms]
    started = time.perf_counter()
    with student.train(jobs, ctx) as talkers:
        trained = time.perf_counter()
        asks.ask(talkers[0])
        return trained - started, time.perf_counter() - trained


def sections(plan: Design, cost: Cost, questions: Questions) -> Iterator[Section]:
    """Yield the design in words."""
    yield _arms(plan)
    yield Section("Cost", list(_cost(plan, cost)))
    yield Section("What it could find", list(_power(plan, questions)))
    if plan.left_out:
        yield Section("Not trained", [f"{name}: {why}" for name, why in plan.left_out.items()])


def _arms(plan: Design) -> Section:
    table = [["arm", "rows", "own teacher", "what it is"]]
    for name, each in plan.arms.items():
        picks = each.picks(plan.seeds[0])
        table.append([name, f"{len(picks):,}", f"{residual(picks):.1%}", each.told])
    ends = f"0 on the scale is {plan.scale.zero!r}, 1 is {plan.scale.one!r}"
    family = f"verdicts, with p corrected together: {', '.join(plan.family)}"
    return Section("Arms", (), table, [ends, family])


def _cost(plan: Design, cost: Cost) -> Iterator[str]:
    planted = _planted(len(plan.seeds)) * plan.planted
    arms = (cost.students - planted) // len(plan.seeds)
    yield f"{cost.students:,} students: {arms} different arms x {len(plan.seeds)} seeds" + (
        f", up to {planted} for the planted positive" if planted else ""
    )
    minutes = ceil(cost.seconds / 60)
    yield f"expected time: {minutes:,} min, by a rehearsal with a part of the steps"


def _power(plan: Design, questions: Questions) -> Iterator[str]:
    pairs, tests = len(plan.seeds), len(plan.family)
    yield f"{pairs} paired seeds: no p is below {smallest_p(pairs):.2g}"
    if not reachable(pairs, tests):
        yield (
            f"REFUSED: none of {tests} comparisons could be significant; it takes {needed(tests)} "
            "seeds"
        )
    yield (
        "the least effect found four times in five: "
        f"{standardised(pairs):.2f} times what a difference of arms varies by from seed to seed"
    )
    templates = len(set(questions.templates.values()))
    low, high = questions.bounds
    foreseen = [
        f"{planned(_guess(spread * (high - low), questions), pairs, max(2, templates)):.2g} if "
        f"that is {spread * (high - low):g}"
        for spread in SPREADS
    ]
    yield f"in scores: {', '.join(foreseen)}"


def _guess(spread: float, questions: Questions) -> Components:
    """Return components of a difference that varies so much between seeds.

    Templates of a seed are taken to vary as much again, each around its seed.
    """
    templates = len(set(questions.templates.values()))
    return Components(spread**2, 0.0, spread**2 * max(2, templates))
