"""A trial: every arm trained with every seed, and asked the same questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from curate.api import Context, Job, Lesson, Prompt, Student, Talker
from curate.audits.asking import Asked, Asking
from curate.audits.memory import Memory, Shown, memory
from curate.audits.statistics.outcomes import Outcomes, Table

Progress = Callable[[str], None]
BASE = "base"
"""The arm of the model that was not trained."""
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
    shown: Mapping[tuple[str, int], Shown]
    base: Asked | None = None

    def fates(self, arm: str) -> Counter[str]:
        """Return what became of the answers of an arm's students, or of the base's."""
        total: Counter[str] = Counter()
        if arm == BASE and self.base is not None:
            total.update(self.base.fates)
        for (name, _), shown in self.shown.items():
            if name == arm:
                total.update(shown.asked.fates)
        return total

    def with_(self, other: Trial) -> Trial:
        """Return this trial with the arms of another one of the same seeds."""
        return replace(self, shown={**self.shown, **other.shown})


def train(
    arms: Sequence[Arm],
    seeds: Sequence[int],
    student: Student,
    asking: Asking,
    ctx: Context,
    progress: Progress = lambda _: None,
) -> Trial:
    """Train and ask; all arms of a seed at a time, arms of the same rows once.

    What a student showed is remembered in the run's cache.

    Raises:
        UsageError: a job cannot be trained, or a prompt does not fit the student.
        OutageError: a student or the scorer does not answer.
    """
    shown: dict[tuple[str, int], Shown] = {}
    with memory(student, asking.questions, ctx) as known:
        for number, seed in enumerate(seeds):

            def told(stage: str, of: str = f"seed {number + 1} of {len(seeds)}") -> None:
                progress(f"{of}: {stage}")

            jobs = [_job(arm, seed) for arm in arms]
            keys = [known.key(job) for job in jobs]
            found = _shown(dict(zip(keys, jobs, strict=True)), known, student, asking, ctx, told)
            shown |= {(job.name, seed): found[key] for job, key in zip(jobs, keys, strict=True)}
    return Trial(tuple(seeds), shown)


def _job(arm: Arm, seed: int) -> Job:
    return Job(arm.name, tuple(arm.lessons(seed)), seed + INDEPENDENT if arm.apart else seed)


def _shown(
    jobs: Mapping[str, Job],
    known: Memory,
    student: Student,
    asking: Asking,
    ctx: Context,
    progress: Progress,
) -> dict[str, Shown]:
    """Return what the students of these jobs show, by the keys that memory knows them by."""
    found = known.recall(list(jobs))
    new = {key: job for key, job in jobs.items() if key not in found}
    if not new:
        return found
    progress(f"training {len(new)} students")
    with student.train(list(new.values()), ctx) as talkers:
        for place, ((key, job), talker) in enumerate(zip(new.items(), talkers, strict=True)):
            progress(f"asking student {place + 1} of {len(new)}")
            trace = _trace(talker, job.lessons)
            found[key] = Shown(asking.ask(talker), trace, student.notes(talker))
            known.keep(key, found[key])
    return found


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
    names = dict.fromkeys(name for name, _ in trial.shown)
    tables = {
        name: Table(
            trial.seeds,
            questions.prompts,
            np.array([trial.shown[name, seed].asked.scores for seed in trial.seeds]),
        )
        for name in names
    }
    if trial.base is not None:
        tables[BASE] = Table((), questions.prompts, np.array([trial.base.scores]))
    return Outcomes.paired(tables, questions.templates, questions.bounds)


def _trace(talker: Talker, lessons: Sequence[Lesson]) -> tuple[float, ...]:
    short = sorted(
        lessons[:200], key=lambda lesson: sum(len(said.content) for said in lesson.messages)
    )
    chosen = [lesson.messages for lesson in short[:_TRACED]]
    prompts = [Prompt(messages[:-1]) for messages in chosen]
    return tuple(talker.log_likelihood(prompts, [messages[-1].content for messages in chosen]))
