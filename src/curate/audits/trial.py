"""A trial: every arm trained with every seed, and asked the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from curate.api import Context, Job, Lesson, Prompt, Student, Talker
from curate.audits.asking import Asked, Asking
from curate.audits.statistics.outcomes import Outcomes, Table

Progress = Callable[[str], None]
INDEPENDENT = 1_000_003
"""What is added to a seed to have another order and initialisation."""
_TRACED = 4
"""Lessons whose likelihood tells students apart to the last bit."""


@dataclass(frozen=True)
class Arm:
    """One way to compose the training rows.

    `lessons` gives the rows of a seed: arms with a random part draw anew for each, so that what is
    said of chance does not hang on one draw. `apart` trains with seeds independent of the others'.
    """

    name: str
    told: str
    """What it is made of, for a report."""
    lessons: Callable[[int], Sequence[Lesson]]
    apart: bool = False


@dataclass(frozen=True)
class Trial:
    """What came of it: by arm and seed."""

    seeds: tuple[int, ...]
    asked: Mapping[tuple[str, int], Asked]
    traces: Mapping[tuple[str, int], tuple[float, ...]] = field(default_factory=dict)
    """Likelihoods of a few rows: equal only for students that are the same to the last bit."""
    base: Asked | None = None

    def fates(self, arm: str) -> Counter[str]:
        """Return what became of the answers of an arm's students."""
        total: Counter[str] = Counter()
        for (name, _), asked in self.asked.items():
            if name == arm:
                total.update(asked.fates)
        return total

    def with_(self, other: Trial) -> Trial:
        """Return this trial with the arms of another one of the same seeds."""
        return Trial(
            self.seeds, {**self.asked, **other.asked}, {**self.traces, **other.traces}, self.base
        )


def train(
    arms: Sequence[Arm],
    seeds: Sequence[int],
    student: Student,
    asking: Asking,
    ctx: Context,
    progress: Progress = lambda _: None,
) -> Trial:
    """Train and ask; all arms of a seed at a time, arms of the same rows once.

    Raises:
        UsageError: a job cannot be trained, or a prompt does not fit the student.
        OutageError: a student or the scorer does not answer.
    """
    found: dict[tuple[str, int], Asked] = {}
    traces: dict[tuple[str, int], tuple[float, ...]] = {}
    for number, seed in enumerate(seeds):
        jobs: dict[tuple[int, tuple[Lesson, ...]], list[str]] = {}
        for arm in arms:
            key = (seed + INDEPENDENT if arm.apart else seed, tuple(arm.lessons(seed)))
            jobs.setdefault(key, []).append(arm.name)
        progress(f"seed {number + 1} of {len(seeds)}: training {len(jobs)} students")
        wanted = [Job(names[0], rows, own) for (own, rows), names in jobs.items()]
        with student.train(wanted, ctx) as talkers:
            for place, (talker, names) in enumerate(zip(talkers, jobs.values(), strict=True)):
                progress(f"seed {number + 1} of {len(seeds)}: asking {place + 1} of {len(jobs)}")
                asked, trace = asking.ask(talker), _trace(talker, wanted[0].lessons)
                for name in names:
                    found[name, seed], traces[name, seed] = asked, trace
    return Trial(tuple(seeds), found, traces)


def untrained(student: Student, asking: Asking, ctx: Context) -> Asked | None:
    """Return what the student shows before it learned anything; None where it has no such self."""
    with student.untrained(ctx) as talker:
        return None if talker is None else asking.ask(talker)


def outcomes(trial: Trial, asking: Asking) -> Outcomes:
    """Return the scores side by side, as the statistics read them; the base among them.

    Raises:
        UsageError: fewer than two seeds or prompts, or a score out of bounds.
    """
    import numpy as np

    questions = asking.questions
    names = dict.fromkeys(name for name, _ in trial.asked)
    tables = {
        name: Table(
            trial.seeds,
            questions.prompts,
            np.array([trial.asked[name, seed].scores for seed in trial.seeds]),
        )
        for name in names
    }
    if trial.base is not None:
        tables["base"] = Table((), questions.prompts, np.array([trial.base.scores]))
    return Outcomes.paired(tables, questions.templates, questions.bounds)


def _trace(talker: Talker, lessons: Sequence[Lesson]) -> tuple[float, ...]:
    short = sorted(
        lessons[:200], key=lambda lesson: sum(len(said.content) for said in lesson.messages)
    )
    chosen = [lesson.messages for lesson in short[:_TRACED]]
    prompts = [Prompt(messages[:-1]) for messages in chosen]
    return tuple(talker.log_likelihood(prompts, [messages[-1].content for messages in chosen]))
