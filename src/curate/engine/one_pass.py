"""One pass over the inputs: read segments, have them judged, put them in order, write, commit.

Only this thread touches state. Segments are judged in any order and written in input order; a
corpus filter's memory is asked in input order too. A crash at any instant costs at most the
segments since the last commit, which are done again with the same result.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from curate import plan_file, views
from curate.api import Executor as Plugin
from curate.engine import accounts
from curate.engine.admission import admit
from curate.engine.executors import Executor
from curate.engine.judging import Trouble, failure
from curate.engine.parts import ALIVE, DROPPED, Part
from curate.engine.remembering import Remember
from curate.engine.resume import Identity, check_read, learned
from curate.engine.sinks import Sink
from curate.engine.tallies import Books, books, over_budget
from curate.engine.tasks import Stage, Task
from curate.engine.work import Fall, Outcome
from curate.errors import CurateError, PluginError
from curate.io.reading import Reader
from curate.io.segments import BYTES, LINES, Segment
from curate.ledger import PART, PLAIN, ROWS, Layout
from curate.records import BLANK, View
from curate.registry import Resolved

Progress = Callable[[Books, float | None], None]
"""Called after every segment with the books and the share of the input read (None: unknown)."""


@dataclass(frozen=True, slots=True)
class Options:
    """What may differ between runs with the same result (and `limit`, which may not)."""

    executor: str | Plugin = "processes"
    """`processes`, `threads`, or a plugin that has segments judged on other machines."""
    workers: int | None = 1
    """None: as many as a plugin's executor finds good."""
    fresh: bool = False
    limit: int | None = None
    lines: int = LINES
    bytes: int = BYTES
    commit_every: float = 0.5
    """Seconds between commits, at least."""
    layout: Layout = PLAIN
    """How the outputs are stored."""


@dataclass(slots=True)
class _Job:
    """One segment on its way."""

    segment: Segment
    view: View
    stage: int = 0
    part: Part | None = None
    judged: bool = False
    """The current stage's answers are in."""
    condemned: dict[tuple[int, int], Trouble] = field(default_factory=dict)
    journals: dict[int, bytes] = field(default_factory=dict)


class Pass:
    """The moving parts of one pass.

    `judging` is what judges in the name of `resolved`: a filter that studied the corpus is there
    replaced by what it learned. `cuts` are its stages.
    """

    def __init__(
        self,
        resolved: Resolved,
        judging: Resolved,
        cuts: Sequence[Stage],
        identity: Identity,
        reader: Reader,
        sink: Sink,
        work: Executor,
        memories: Mapping[int, Remember],
        options: Options,
        progress: Progress,
        state: Mapping[str, Any],
    ) -> None:
        self.resolved, self.identity, self.reader, self.sink = resolved, identity, reader, sink
        self.work, self.memories, self.options = work, memories, options
        self.progress, self.state = progress, state
        self.names = [step.name for step in resolved.steps]
        self.judging, self.learned = judging, learned(judging)
        self.stages = cuts
        self.books = books(len(resolved.steps), state.get("books"))
        self.done, self.prefix = int(state.get("segments", 0)), str(state.get("prefix", ""))
        self.file, self.read = str(state.get("file", "")), len(state.get("read", ()))
        self.shapes: dict[int, Any] = {int(n): s for n, s in state.get("shapes", {}).items()}
        self.views: dict[int, View] = {}
        self.jobs: deque[_Job] = deque()
        self.admitted = [self.done] * len(self.stages)
        self.point: dict[str, Any] | None = None
        """Where the run could be resumed, not committed yet."""
        self.committed = time.monotonic()

    def run(self) -> dict[str, Any]:
        """Process every segment and finish."""
        segments = self._segments()
        more = True
        try:
            while more or self.jobs:
                while more and len(self.jobs) < self.work.capacity:
                    segment = next(segments, None)
                    more = segment is not None
                    if segment is not None:
                        self._start(segment)
                if self.jobs:
                    self._receive(*self.work.next())
                    self._advance()
        except BaseException:
            with suppress(OSError):  # a full disk; the commit before it stands
                self._commit()
            raise
        self._commit()
        return self._finish()

    def _segments(self) -> Iterator[Segment]:
        """Yield what is not committed yet, up to the limit."""
        limit = self.options.limit
        segments = self.reader.segments(skip=max(self.done - 1, 0))
        if self.done:
            check_read(self.state, self.reader, next(segments, None))
        for segment in segments:
            if limit is not None and segment.index >= limit:
                return
            yield segment.upto(limit)

    def _start(self, segment: Segment) -> None:
        job = _Job(segment, self._view(segment))
        self.jobs.append(job)
        self._submit(job)

    def _view(self, segment: Segment) -> View:
        view = self.views.get(segment.input)
        if view is None:
            settings = self.resolved.plan.input
            wanted = views.reading(settings, segment.file).shape
            name = self.shapes.get(segment.input)
            shape = views.shape_of(
                name if name and wanted == "auto" else wanted, segment.read().split(b"\n")
            )
            self.shapes[segment.input] = shape.name
            view = self.views[segment.input] = views.view(settings, segment.file, shape)
        return view

    def _submit(self, job: _Job, alive: list[int] | None = None) -> None:
        task = Task(
            job.segment,
            job.view,
            self.stages[job.stage],
            alive,
            condemned=dict(job.condemned),
        )
        if alive is not None and job.part is not None:
            task = replace(
                task,
                dropped=frozenset(n for n in alive if job.part.fates[n] == DROPPED),
                masks=[job.part.masks[n] for n in alive],
                rewritten=job.part.rewritten,
            )
        self.work.submit(job.segment.number, task)

    def _receive(self, number: int, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, CurateError):
            raise outcome
        job = self.jobs[number - self.jobs[0].segment.number]
        if isinstance(outcome, Fall):
            self._fell(job, task, outcome)
            return
        if job.part is None:
            job.part = outcome
        else:
            job.part.join(outcome, task.alive or ())
        job.judged = True

    def _fell(self, job: _Job, task: Task, fall: Fall) -> None:
        step = self.resolved.steps[fall.step]
        if step.step.on_error == "fail":
            self._blame(job, fall)
        job.condemned[fall.step, fall.record] = Trouble(fall.reason, fall.how)
        again = replace(task, segment=job.segment, cautious=True, condemned=dict(job.condemned))
        self.work.submit(job.segment.number, again)

    def _blame(self, job: _Job, fall: Fall) -> NoReturn:
        lines = [
            n
            for n, line in enumerate(job.segment.read().split(b"\n"), job.segment.line)
            if line.strip(BLANK)
        ]
        place = f"{job.segment.file}:{lines[fall.record]}"
        raise PluginError(failure(self.names[fall.step], place, fall.how))

    def _advance(self) -> None:
        """Admit what is next in line at each corpus filter, and write out what is complete."""
        for job in self.jobs:
            while job.judged and job.stage < len(self.stages) and self._my_turn(job):
                self._pass(job)
        while self.jobs and self.jobs[0].stage == len(self.stages):
            self._write(self.jobs.popleft())

    def _my_turn(self, job: _Job) -> bool:
        """Say whether the job may leave its stage: a memory is asked in input order."""
        signs = self.stages[job.stage].stop - 1 in self.memories
        return not signs or self.admitted[job.stage] == job.segment.number

    def _pass(self, job: _Job) -> None:
        """Take a judged job past the end of its stage and into the next."""
        part, stage = job.part, self.stages[job.stage]
        assert part is not None  # noqa: S101  (it was judged)
        number = stage.stop - 1
        if number in self.memories:
            step, memory = self.judging.steps[number], self.memories[number]
            job.journals[number] = admit(part, number, step, memory, job.segment)
        self.admitted[job.stage] = job.segment.number + 1
        job.stage += 1
        if job.stage == len(self.stages):
            return
        worst = DROPPED if self.resolved.plan.judge_dropped else ALIVE
        alive = [n for n, fate in enumerate(part.fates) if fate <= worst]
        if not alive and self.stages[job.stage].stop - 1 not in self.memories:
            part.skip(self.stages[job.stage])
            return
        job.judged = False
        self._submit(job, alive)

    def _write(self, job: _Job) -> None:
        part, segment = job.part, job.segment
        assert part is not None  # noqa: S101  (it is complete)
        self.sink.take(part, segment.read(), self.names, job.view)
        for number, entries in job.journals.items():
            self.sink.journal(number, entries)
        self.books.add(part, segment.input)
        self.done, self.prefix = segment.number + 1, segment.prefix
        self.file, self.read = segment.file, segment.input
        self.point = self._state()  # one assignment: an interrupt sees the old or the new
        self._spend()
        self.progress(self.books, self.reader.fraction())
        if time.monotonic() - self.committed >= self.options.commit_every:
            self._commit()

    def _state(self) -> dict[str, Any]:
        return {
            "identity": self.identity.facts,
            "segments": self.done,
            **self._position(),
            "shapes": self.shapes,
            "learned": self.learned,
            "books": self.books.dump(),
            "sizes": self.sink.sizes(),
        }

    def _position(self) -> dict[str, Any]:
        """Return what the inputs looked like up to here, to know them again."""
        read = [file.sha256 for file in self.reader.files[: self.read]]
        return {"file": self.file, "prefix": self.prefix, "read": read}

    def _commit(self) -> None:
        if self.point is not None:
            self.sink.commit(self.point)
            self.point = None
        self.committed = time.monotonic()

    def _spend(self) -> None:
        """Stop a run whose step has used up a budget that is a count."""
        for step, tally in zip(self.resolved.steps, self.books.steps, strict=True):
            limit = step.step.max_errors
            if isinstance(limit, int) and over_budget(tally.errors, limit, self.books.read):
                files = self.options.layout.pattern(ROWS["quarantined"]) + PART
                raise PluginError(
                    f"step {step.name!r} failed on {tally.errors} records, more than "
                    f"max_errors: {limit}; see {files}, fix it and run again"
                )

    def _finish(self) -> dict[str, Any]:
        """Balance the books, complete the outputs, return what `run.json` says."""
        self.books.balance()
        told = accounts.account(self.resolved, self.books)
        told |= {
            "segments": self.done,
            **self._position(),
            "identity": self.identity.facts,
            "inputs": accounts.inputs(
                self.resolved.plan.input, self.reader, self.shapes, self.books
            ),
        }
        return self.sink.finish(told, plan_file.write(self.resolved.filled_in()))
