"""`hf`: any causal language model as a student, taught by low-rank or full updates."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from curate.api import Context, Job, Student, Talker
from curate.local_models.loading import Loaded, load
from curate.local_models.pinned import Commit, identity
from curate.students.causal.lessons import Lessons
from curate.students.causal.pupil import Pupil, adapt, fresh
from curate.students.causal.talker import CausalTalker, Seen
from curate.students.causal.training import train
from curate.students.causal.turns import conversation, ending
from curate.students.tiny.tokens import Text


class HF(Student):
    """Trains a model of transformers once for each job, from safetensors only.

        use: hf
        with: {base: models/small, update: lora, lr: 2e-4, steps: 100, dtype: bfloat16}

    Loss is on what the assistant says, as the chat template writes it. Every job takes `steps`
    steps of `batch` rows of `length` tokens; a row holds as many whole lessons as fit, none of
    which sees another, and a lesson that is longer is cut at its end. Lessons come in an order
    drawn by the job's seed and their keys. What a job learns does not depend on the jobs beside it.

    Students answer in the context they were trained in: the same template, precision and `length`,
    which a talker tells as `seen`.

    The model is in memory once. With `lora` a student is its own low-rank update, kept by the
    processor: 35 MB for a model of 0.5B, 100 MB for one of 3B at rank 16. With `full` weights are
    float32 (`dtype: bfloat16` is then that of computing), training takes 16 bytes a weight on the
    device, and every student is a whole copy in the memory of the processor: 4 bytes a weight,
    12 GB for each student of 3B.
    """

    name: ClassVar[str] = "hf"

    base: str = Field(description="a folder, or a model's name on the hub", min_length=1)
    revision: Commit | None = Field(
        None, description="the full commit of a model of the hub: 40 hex digits"
    )
    template: str | None = Field(
        None, description="a Jinja text that writes a conversation; default: the model's own"
    )
    update: Literal["lora", "full"] = Field("lora", description="which weights learn")
    rank: int = Field(16, ge=1, description="of lora, on every linear map")
    alpha: float = Field(32, gt=0, description="of lora: its update counts alpha / rank times")
    lr: float = Field(2e-4, gt=0, description="learning rate of Adam, the same in all steps")
    steps: int = Field(100, ge=0, description="optimiser steps; 0: the base as it is")
    batch: int = Field(16, ge=1, description="rows in a step")
    length: int = Field(512, ge=4, description="tokens in a row, and seen at once in answers")
    dtype: Literal["float32", "bfloat16"] = Field("float32", description="precision of computing")
    micro: int = Field(
        4, ge=1, exclude=True, description="rows in a forward pass; fewer need less memory"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", exclude=True, description="auto: cuda where there is one"
    )
    together: int = Field(16, ge=1, exclude=True, description="prompts answered at once")

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hash of every file of the base that decides, or its commit."""
        return identity(self.base, self.revision)

    @contextmanager
    def train(self, jobs: Sequence[Job], ctx: Context) -> Iterator[Sequence[Talker]]:
        """Train one job after the other; the model is released on leaving.

        Raises:
            UsageError: a package is missing, the model cannot be loaded, its chat template cannot
                be used, or a job has nothing to learn.
        """
        with self._opened(ctx) as loaded:
            write = partial(conversation, loaded, ending(loaded))
            lessons = Lessons(write, loaded.longest)
            rows = [lessons.rows(job) for job in jobs]
            if self.update == "lora":
                adapt(loaded, self.rank, self.alpha)
            pupil = Pupil(loaded, self.dtype)
            base = pupil.state()
            talkers = []
            for job, own in zip(jobs, rows, strict=True):
                pupil.put(fresh(base, job.seed, loaded.torch))
                self._teach(pupil, own)
                seen = replace(
                    self._seen(loaded),
                    lessons=len(job.lessons),
                    cut=lessons.cut(job),
                    left_out=lessons.left_out(job),
                )
                talkers.append(self._talker(job.name, pupil, job.seed, ctx, seen))
            yield talkers

    @contextmanager
    def untrained(self, ctx: Context) -> Iterator[Talker]:
        """Yield the base as it is, in the context of its students.

        Raises:
            UsageError: a package is missing, or the model or its template cannot be used.
        """
        with self._opened(ctx) as loaded:
            loaded.model.requires_grad_(False)  # nothing to put aside
            pupil = Pupil(loaded, self.dtype)
            yield self._talker("base", pupil, 0, ctx, self._seen(loaded))

    def notes(self, talker: Talker) -> Mapping[str, Any]:
        """Return the context of a student, its template by its hash, and what it learned from."""
        assert isinstance(talker, CausalTalker)  # noqa: S101  (its own)
        seen = asdict(talker.seen)
        return {**seen, "template": talker.seen.template_sha256}

    def rehearsal(self) -> tuple[Self, float]:
        """Return a student that takes a tenth of the steps."""
        steps = max(1, self.steps // 10)
        return self.model_copy(update={"steps": steps}), steps / max(1, self.steps)

    def _teach(self, pupil: Pupil, rows: Iterator[list[Text]]) -> None:
        train(
            pupil,
            rows,
            steps=self.steps,
            size=self.batch,
            rate=self.lr,
            most=self.micro * pupil.loaded.longest,
        )

    @contextmanager
    def _opened(self, ctx: Context) -> Iterator[Loaded]:
        """Load the model, which stops where its template ends an answer and sees a row's length."""
        precise = "float32" if self.update == "full" else self.dtype  # of weights
        loaded = load(
            self.base,
            self.revision,
            dtype=precise,
            device=self.device,
            chat_template=self.template,
            offline=ctx.offline,
        )
        loaded.model.requires_grad_(self.update == "full")
        try:
            yield replace(
                loaded,
                stops=loaded.stops | {ending(loaded)},
                longest=min(loaded.longest, self.length),
            )
        finally:
            loaded.model.to("meta")  # gives the memory back, whoever still holds a talker

    def _talker(self, name: str, pupil: Pupil, seed: int, ctx: Context, seen: Seen) -> CausalTalker:
        return CausalTalker(name, pupil, pupil.state(), seed, ctx, self.together, seen)

    def _seen(self, loaded: Loaded) -> Seen:
        return Seen(loaded.tokenizer.chat_template, loaded.longest, self.dtype)
