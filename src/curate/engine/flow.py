"""What happens to one segment, wherever it happens.

A worker reads the lines, decodes them, and lets the steps judge the records that are still alive.
It returns columns, not records: where the lines are, what became of them, and the ledger's
entries as bytes. A corpus filter ends a stage: the worker signs, the run's one memory admits in
input order, and what survives goes on to the next stage.
"""

from collections.abc import Mapping, Sequence

from curate.api import CorpusFilter
from curate.engine.authors import characters, written
from curate.engine.cases import Case
from curate.engine.judging import Answer, Trouble, ask, check, failure
from curate.engine.lines import quarantine, read
from curate.engine.looks import Looks, settle
from curate.engine.opening import Opened
from curate.engine.parts import (
    ALIVE,
    BY_READER,
    DROPPED,
    Part,
    Rewritten,
    Switched,
    Tally,
)
from curate.engine.rewriting import Mark, Rewriting
from curate.engine.tasks import Task
from curate.errors import PluginError
from curate.records import Record
from curate.registry import Resolved


def process(task: Task, resolved: Resolved, asks: Mapping[int, Opened], mark: Mark) -> Part:
    """Judge one stage of one segment.

    Raises:
        CurateError: an outage, a broken contract, or a failure under `on_error: fail`.
        OSError: the segment's file is gone.
    """
    part, records = read(task)
    _Stage(task, resolved, asks, mark, part, records).judge()
    return part


class _Stage:
    """The steps of one stage over one segment."""

    def __init__(
        self,
        task: Task,
        resolved: Resolved,
        asks: Mapping[int, Opened],
        mark: Mark,
        part: Part,
        records: list[Record],
    ) -> None:
        self.task, self.asks, self.mark, self.part, self.records = task, asks, mark, part, records
        self.authors: dict[int, dict[int, str | None]] = {}
        self.steps, self.judge_dropped = resolved.steps, resolved.plan.judge_dropped

    def judge(self) -> None:
        """Let the steps judge in order; the corpus filter at the end only signs."""
        originals = None
        if self.task.is_first and any(step.rewriting for step in self.steps):
            originals = list(self.records)
        for number in self.task.steps:
            self.part.tallies[number] = Tally()
            signs = isinstance(self.steps[number].filter, CorpusFilter)
            alone = signs or self.steps[number].learned or not self.judge_dropped
            worst = ALIVE if alone else DROPPED
            eligible = self._eligible(self.steps[number].only, worst)
            answers = self._answers(number, eligible)
            if signs:
                self._sign(number, eligible, answers)
            else:
                self._decide(number, eligible, answers)
        if originals is not None:
            self._count_characters(originals)

    def _count_characters(self, originals: Sequence[Record]) -> None:
        """Enter who wrote how much, before and after."""
        self.part.written = written(originals)
        self.part.written_after = {
            n: characters(self.records[n], originals[n].teacher, authors)
            for n, authors in self.authors.items()
        }

    def _eligible(self, only: int | None, worst: int) -> list[int]:
        """Return the records a step sees: alive enough, and hit by step `only` if it is given."""
        alive = [n for n, fate in enumerate(self.part.fates) if fate <= worst]
        return alive if only is None else [n for n in alive if self.part.masks[n] >> only & 1]

    def _answers(self, number: int, eligible: list[int]) -> list[Answer | Trouble]:
        """Ask the step about the eligible records, around those that are condemned."""
        name, call = self.steps[number].name, self.asks[number].judge
        first = self.task.alive
        original = eligible if first is None else [first[n] for n in eligible]
        condemned = {
            n: why
            for n, place in zip(eligible, original, strict=True)
            if (why := self.task.condemned.get((number, place)))
        }
        asked = [n for n in eligible if n not in condemned]
        size = 1 if self.task.cautious else max(len(asked), 1)
        answers: dict[int, Answer | Trouble] = dict(condemned)
        for at in range(0, len(asked), size):
            batch = asked[at : at + size]
            self.mark(number, batch[0] if first is None else first[batch[0]], len(batch))
            replies = ask(name, call, [self.records[n] for n in batch])
            answers.update(zip(batch, replies, strict=True))
        self.mark(BY_READER, 0, 0)
        return [answers[n] for n in eligible]

    def _sign(self, number: int, eligible: list[int], answers: Sequence[Answer | Trouble]) -> None:
        step, part = self.steps[number], self.part
        part.signatures = [None] * len(self.records)
        for n, answer in zip(eligible, answers, strict=True):
            if isinstance(answer, Trouble):
                self._trouble(number, n, answer)
            elif isinstance(answer, bytes):
                part.signatures[n] = answer
            else:
                verdict = check(step.name, step.filter, answer, self.records[n])
                part.signatures[n] = verdict._replace(evidence=dict(verdict.evidence))  # to pickle

    def _decide(
        self, number: int, eligible: list[int], answers: Sequence[Answer | Trouble]
    ) -> None:
        """Turn verdicts into hits, hits into fates, and both into the ledger's bytes."""
        step, part = self.steps[number], self.part
        looks, trails, seen = Looks(step), part.trails, 0
        hits, alive = list[Case](), 0
        for n, answer in zip(eligible, answers, strict=True):
            if isinstance(answer, Trouble):
                self._trouble(number, n, answer)
                continue
            look = looks.of(answer, self.records[n])
            seen += 1
            alive += part.fates[n] == ALIVE
            if look.hit and step.rewriting and part.fates[n] == ALIVE:
                verdict = check(step.name, step.filter, answer, self.records[n])
                hits.append(Case(n, self.records[n], verdict, look, part.masks[n]))
                continue
            trails[n] = trails[n] + b"," + look.line if trails[n] else look.line
            if not look.plain:
                settle(part, n, number, look)
        part.tallies[number].seen += seen
        if step.rewriting:
            part.switched[number] = Switched(seen=alive)
            self._rewrite(number, hits)

    def _rewrite(self, number: int, hits: list[Case]) -> None:
        """Have hits rewritten; enter what came of it."""
        part, switched = self.part, self.part.switched[number]
        rewriting = Rewriting(number, self.steps, self.asks, self.mark, cautious=self.task.cautious)
        for case, end in zip(hits, rewriting.of(hits), strict=True):
            n = case.position
            if isinstance(end, Trouble):
                part.tallies[number].seen -= 1
                switched.seen -= 1
                self._trouble(number, n, end)
                continue
            look = end.look
            part.trails[n] = part.trails[n] + b"," + look.line if part.trails[n] else look.line
            settle(part, n, number, look)
            end.count(switched)
            if end.taken is not None:
                self.records[n] = new = end.taken.record
                part.rewritten[n] = Rewritten(new.raw, new.digest, new.teacher, new.origin)
                self.authors[n] = {**self.authors.get(n, {}), **end.taken.authors}
        self.mark(BY_READER, 0, 0)

    def _trouble(self, number: int, n: int, trouble: Trouble) -> None:
        step, record = self.steps[number], self.records[n]
        if step.step.on_error == "fail" and not trouble.ours:
            raise PluginError(failure(step.name, record.place, trouble.detail))
        if self.part.fates[n] == ALIVE:
            quarantine(self.part, n, number, trouble.reason, trouble.detail)
            tally = self.part.tallies[number]
            tally.quarantined += 1
            tally.errors += not trouble.ours
