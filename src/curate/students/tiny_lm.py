"""`tiny_lm`: small GPT-2 students, all jobs trained at once as one program of tensors."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from curate.answers.hashing import sha256
from curate.api import Context, Job, Lesson, Message, Student, Talker
from curate.errors import UsageError
from curate.students.order import endless
from curate.students.tiny.checkpoint import DECIDE, Checkpoint, load
from curate.students.tiny.fresh import fresh, stacked
from curate.students.tiny.network import Shape, Weights
from curate.students.tiny.packing import Library
from curate.students.tiny.talker import Seen, TinyTalker
from curate.students.tiny.tokens import Text, Tokens, byte_level
from curate.students.tiny.training import train
from curate.students.tiny.updates import TOKEN, Kind, Reach, Update, check_groups

FLOATS = 64_000_000
"""Numbers a group of students may keep for one step, roughly."""
LENGTH = 256
"""Tokens a student without a base sees."""


class TinyLM(Student):
    """Trains a small GPT-2 for each job, from one base, many at once.

        use: tiny_lm
        with: {base: world/base, lr: 1e-4, learning_rates: {"token:neutral": 5e-2}}

    Loss is on what the assistant says. Every job takes `steps` steps of `batch` rows of `length`
    tokens; a row holds as many whole lessons as fit, and a lesson that is longer is cut at its
    end. Lessons come in an order drawn by the job's seed and their keys. What a job learns does
    not depend on the jobs beside it.

    Groups of weights for `learning_rates`: `embeddings`, `positions`, `attention`, `mlp`, `norms`,
    `biases`, `head`, `soft_prompt`, and `token:WORD`, the embedding of one token. A group that is
    named learns at its rate, also where `update` leaves it alone.
    """

    name: ClassVar[str] = "tiny_lm"

    base: Path | None = Field(
        None, description="a checkpoint of `pretrain`; default: bytes and random weights"
    )
    update: Kind = Field("full", description="which weights learn")
    lr: float = Field(1e-3, gt=0, description="learning rate of Adam, the same in all steps")
    learning_rates: dict[str, float] = Field(
        default_factory=dict, description="group of weights -> its own learning rate; 0: frozen"
    )
    steps: int = Field(150, ge=0, description="optimiser steps; 0: the base as it is")
    batch: int = Field(64, ge=1, description="rows in a step")
    length: int | None = Field(
        None, ge=4, description="tokens in a row; default: all that the base can see"
    )
    rank: int = Field(8, ge=1, description="of low_rank")
    soft_tokens: int = Field(8, ge=1, description="tokens of a soft_prompt")
    together: int | None = Field(
        None, ge=1, exclude=True, description="students in one group; default: as memory allows"
    )

    @model_validator(mode="after")
    def _groups_are_known(self) -> Self:
        try:
            check_groups(list(self.learning_rates))
        except UsageError as error:
            raise ValueError(str(error)) from None
        if any(not 0 <= rate < 1e3 for rate in self.learning_rates.values()):
            raise ValueError("a learning rate is a number of 0 or more")
        return self

    def fingerprint(self) -> Mapping[str, str]:
        """Return the hashes of the base."""
        return {} if self.base is None else {file: sha256(self.base / file) for file in DECIDE}

    @contextmanager
    def train(self, jobs: Sequence[Job], ctx: Context) -> Iterator[Sequence[Talker]]:
        """Train all jobs, in groups that memory allows.

        Raises:
            InputError: the base cannot be read.
            UsageError: torch is missing; a job has nothing to learn, or words without a token.
        """
        base = None if self.base is None else load(self.base)
        tokens = byte_level() if base is None else base.tokens
        shape = Shape(len(tokens), self.length or LENGTH) if base is None else base.shape
        length = min(self.length or shape.length, shape.length)
        reach = self.reach(tokens)
        soft = range(shape.vocabulary, shape.vocabulary + reach.soft_tokens)
        desk = _Desk(tokens, list(soft), Library(length))
        orders = [desk.rows(job) for job in jobs]
        seen = [desk.seen(job) for job in jobs]
        most = self.together or max(1, FLOATS // shape.kept(self.batch * length))
        talkers: list[Talker] = []
        for at in range(0, len(jobs), most):
            several, own = jobs[at : at + most], orders[at : at + most]
            seeds = [job.seed for job in several]
            update = Update(_start(shape, base, seeds), reach, seeds)
            train(shape, update, desk.library, own, steps=self.steps, size=self.batch)
            talkers += [
                TinyTalker(job.name, Checkpoint(shape, weights, tokens), job.seed, ctx, facts)
                for job, weights, facts in zip(
                    several, update.finished(), seen[at : at + most], strict=True
                )
            ]
        yield talkers

    @contextmanager
    def untrained(self, ctx: Context) -> Iterator[Talker | None]:
        """Yield the base as it is; None where students begin with random weights.

        Raises:
            InputError: the base cannot be read.
        """
        if self.base is None:
            yield None
        else:
            base = load(self.base)
            alone = Checkpoint(base.shape, stacked([base.weights]), base.tokens)
            yield TinyTalker("base", alone, 0, ctx, Seen(0, 0, 0))

    def notes(self, talker: Talker) -> Mapping[str, Any]:
        """Return how many lessons a student could learn from."""
        assert isinstance(talker, TinyTalker)  # noqa: S101  (its own)
        return talker.seen._asdict()

    def rehearsal(self) -> tuple[Self, float]:
        """Return a student that takes a tenth of the steps."""
        steps = max(1, self.steps // 10)
        return self.model_copy(update={"steps": steps}), steps / max(1, self.steps)

    def reach(self, tokens: Tokens) -> Reach:
        """Return what learns at which rate.

        Raises:
            UsageError: a token of `learning_rates` is not known.
        """
        rates = self.learning_rates
        return Reach(
            self.update,
            self.lr,
            {group: rate for group, rate in rates.items() if not group.startswith(TOKEN)},
            {
                tokens.number(group.removeprefix(TOKEN)): rate
                for group, rate in rates.items()
                if group.startswith(TOKEN)
            },
            self.rank,
            self.soft_tokens if self.update == "soft_prompt" or "soft_prompt" in rates else 0,
        )


class _Desk:
    """Puts lessons into a library; a lesson that many jobs have is turned into tokens once."""

    def __init__(self, tokens: Tokens, soft: list[int], library: Library) -> None:
        self._tokens, self._soft, self.library = tokens, soft, library
        self._known: dict[tuple[Message, ...], tuple[int | None, bool]] = {}
        """Conversation -> its number in the library, and whether it is longer than a row."""

    def rows(self, job: Job) -> Iterator[list[int]]:
        """Return a job's texts as rows of the library, without end."""
        texts = [self._text(job, lesson) for lesson in job.lessons]
        fit = [at for at, text in enumerate(texts) if text is not None]
        if not fit:
            raise UsageError(
                f"job {job.name!r} has nothing to learn: in none of {len(texts):,} lessons does "
                f"the assistant speak within the first {self.library.length:,} tokens (`length`)"
            )
        numbers = [text for text in texts if text is not None]
        order = endless([job.lessons[at] for at in fit], job.seed)
        return self.library.packed(numbers[at] for _, at in order)

    def seen(self, job: Job) -> Seen:
        """Return how many of a job's lessons are cut and left out."""
        known = [self._known[lesson.messages] for lesson in job.lessons]
        cut = sum(text is not None and long for text, long in known)
        return Seen(len(known), cut, sum(text is None for text, _ in known))

    def _text(self, job: Job, lesson: Lesson) -> int | None:
        if lesson.messages not in self._known:
            try:
                ids, said = self._tokens.conversation(lesson.messages)
            except UsageError as error:
                raise UsageError(f"job {job.name!r}, lesson {lesson.key!r}: {error}") from None
            text = Text(self._soft + ids, [False] * len(self._soft) + said)
            long = len(text.ids) > self.library.length
            self._known[lesson.messages] = self.library.add(text), long
        return self._known[lesson.messages][0]


def _start(shape: Shape, base: Checkpoint | None, seeds: Sequence[int]) -> Weights:
    """Return the weights before the first step, (students, ...)."""
    if base is None:
        return stacked([fresh(shape, seed) for seed in seeds])
    return {name: value.expand(len(seeds), *value.shape) for name, value in base.weights.items()}
