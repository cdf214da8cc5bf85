"""Probes: students of the same rows, some of them switched to a clean teacher's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from curate.api import Context, Job, Lesson, Student
from curate.audits.asking import Asking
from curate.audits.memory import Memory, Shown
from curate.audits.rows import Row
from curate.audits.trial import Progress

_TOGETHER = 32
"""Students that are trained at once, at most."""


class Spent(Exception):  # noqa: N818  (it is no error: the search ends there)
    """Another probe would cost more students than the budget has."""


class Probe(NamedTuple):
    """One student: which rows are switched, and its seed."""

    switched: frozenset[str]
    seed: int


class Probes:
    """Trains students, each once.

    Args:
        rows: What they learn; rows without a clean answer are never switched.
        student: Who learns.
        asking: What they are asked.
        ctx: The context of the audit.
        memory: What students of earlier audits showed.
        budget: Students that may be asked for, those of earlier audits included: so the same
            command finds the same, whatever is remembered.
        progress: Is told what is being done.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        student: Student,
        asking: Asking,
        ctx: Context,
        memory: Memory,
        budget: int,
        progress: Progress = lambda _: None,
    ) -> None:
        self._rows, self._student, self._asking, self._ctx = rows, student, asking, ctx
        self._memory, self.budget, self._progress = memory, budget, progress
        self._known: dict[Probe, float] = {}

    @property
    def trained(self) -> int:
        """How many students were trained."""
        return len(self._known)

    def show(self, wanted: Sequence[Probe]) -> list[float]:
        """Return the mean score of each probe; those that are new are trained together.

        Raises:
            Spent: the budget does not reach.
            OutageError: a student or the scorer does not answer.
            UsageError: a job cannot be trained, or a prompt does not fit the student.
        """
        new = [probe for probe in dict.fromkeys(wanted) if probe not in self._known]
        if self.trained + len(new) > self.budget:
            raise Spent
        for at in range(0, len(new), _TOGETHER):
            some = new[at : at + _TOGETHER]
            self._progress(f"{self.trained + len(some)} of at most {self.budget} students")
            for probe, shown in zip(some, self._shown(some), strict=True):
                self._known[probe] = sum(shown.asked.scores) / len(shown.asked.scores)
        return [self._known[probe] for probe in wanted]

    def _shown(self, probes: Sequence[Probe]) -> list[Shown]:
        jobs = [
            Job(f"probe {at}", self._lessons(probe), probe.seed)
            for at, probe in enumerate(probes, start=self.trained)
        ]
        keys = [self._memory.key(job) for job in jobs]
        found = self._memory.recall(keys)
        new = {key: job for key, job in zip(keys, jobs, strict=True) if key not in found}
        if new:
            with self._student.train(list(new.values()), self._ctx) as talkers:
                for key, talker in zip(new, talkers, strict=True):
                    found[key] = Shown(self._asking.ask(talker), ())
                    self._memory.keep(key, found[key])
        return [found[key] for key in keys]

    def _lessons(self, probe: Probe) -> tuple[Lesson, ...]:
        return tuple(
            Lesson(row.key, row.clean if row.clean and row.key in probe.switched else row.original)
            for row in self._rows
        )
