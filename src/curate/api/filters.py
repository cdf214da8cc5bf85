"""Filters: records in, verdicts out."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from curate.api.plugins import NOTHING, Context, Plugin
from curate.errors import UsageError
from curate.records import Record, Scope


class Verdict(NamedTuple):
    """What a filter says about one record.

    `score` lies in the filter's range; None means the filter abstains. `reason` is a stable slug
    that can be counted. `evidence` is JSON; the keys `spans` (list of [turn, start, end, label],
    characters, half open) and `raw` (a judge's answer) are understood by `curate show`.
    """

    score: float | None
    reason: str = ""
    evidence: Mapping[str, Any] = NOTHING


class Rule(BaseModel):
    """When a score is a hit: exactly one of `at_least`, `at_most`, `outside`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_least: float | None = Field(None, description="a hit is a score of at least this")
    at_most: float | None = Field(None, description="a hit is a score of at most this")
    outside: tuple[float, float] | None = Field(
        None, description="a hit is a score below the first or above the second number"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [self.at_least, self.at_most, self.outside]
        if sum(bound is not None for bound in given) != 1:
            raise ValueError("a rule is exactly one of at_least, at_most, outside")
        bounds = (self.at_least, self.at_most, *(self.outside or ()))
        if any(bound is not None and math.isnan(bound) for bound in bounds):
            raise ValueError("a rule's bound must be a number, not nan: no score could be a hit")
        if self.outside is not None and self.outside[0] > self.outside[1]:
            raise ValueError("outside: [low, high] needs low <= high")
        return self

    def hit(self, score: float) -> bool:
        """Say whether `score` is a hit. The only comparison of a score in the code base."""
        if self.at_least is not None:
            return score >= self.at_least
        if self.at_most is not None:
            return score <= self.at_most
        assert self.outside is not None  # noqa: S101  (the validator above)
        return not self.outside[0] <= score <= self.outside[1]

    def __str__(self) -> str:
        """Say the rule as the plan would."""
        given = ((name, bound) for name, bound in self if bound is not None)
        return ", ".join(
            f"{name}: {list(bound) if isinstance(bound, tuple) else bound}" for name, bound in given
        )


Judge = Callable[[Sequence[Record]], Sequence[Verdict]]
"""Records in, as many verdicts out, in the same order."""


class Filter(Plugin, ABC):
    """Judges records. Subclass this where a whole batch is judged at once."""

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0
    """The range of the score, both ends included; `math.inf` is a legal end."""
    rule: ClassVar[Rule] = Rule(at_least=0.5)
    """When a score is a hit, unless the plan says otherwise with `when:` (see `default_rule`)."""
    timeout: ClassVar[float] = 600.0
    """Seconds one batch (at most one segment) may take before the plugin counts as hung."""
    concurrent: ClassVar[bool] = False
    """Whether the judge may be called from several threads at once: it waits for a service."""
    tolerance: ClassVar[float] = 0.0
    """How far a score may move with its batch (models on other kernels); 0 = not at all."""

    def selects(self) -> bool:
        """Say whether it picks records by what no rewrite changes: an id, the source, chance.

        A rewritten record is judged again by the step that hit it, unless that step only selects.
        """
        return False

    def hides(self) -> bool:
        """Say whether what it finds must not be shown unasked: keys, personal data.

        Its evidence says `sensitive: true` then, and `curate report` shows no text that it was
        to read and did not.
        """
        return False

    def default_rule(self) -> Rule:
        """Return when a score is a hit if the plan has no `when:`; may depend on the options."""
        return type(self).rule

    @abstractmethod
    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        """Load what judging needs and yield the judge; release it on leaving."""


class RecordFilter(Filter):
    """Judges one record at a time: the common case."""

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002  (nothing to load)
        """Yield a judge that calls `judge` for each record."""
        return nullcontext(lambda records: [self.judge(record) for record in records])

    @abstractmethod
    def judge(self, record: Record) -> Verdict:
        """Judge one record."""


class TextFilter(RecordFilter):
    """Judges the text of a scope, as one text."""

    scope: Scope = Field("assistant", description="which text of a record is read")

    def judge(self, record: Record) -> Verdict:
        """Judge the record's text in scope."""
        return self.judge_text(record.text(self.scope))

    @abstractmethod
    def judge_text(self, text: str) -> Verdict:
        """Judge one text."""


Signer = Callable[[Sequence[Record]], Sequence[bytes | Verdict]]
"""Records in; for each its signature, or a verdict where memory has no say (an abstention)."""


class Memory(Protocol):
    """What a corpus filter remembers. Lives in one place and is asked in input order.

    One that holds files may have a method `close()`: it is called when nothing is asked any more.
    """

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it."""


class CorpusFilter(Filter):
    """Judges a record by what came before it (duplicates).

    Workers compute signatures, in any order; one memory admits them, in input order, so the
    answer is the same for any number of workers. Signatures are journalled with every segment:
    a resumed run admits the journal again instead of reading the corpus.
    """

    def group(self, signature: bytes) -> bytes | None:  # noqa: ARG002  (one memory for all)
        """Return what else a signature may be compared with: those of the same group, only.

        An executor on other machines remembers different groups in different places, each asked
        about its own in input order. None: remembered where the run is, with all others of None.
        """
        return None

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        """Yield a judge with a memory of its own, for trying the filter outside a run."""
        return self._alone(ctx)

    @contextmanager
    def _alone(self, ctx: Context) -> Iterator[Judge]:
        seen = 0

        def judge(records: Sequence[Record]) -> list[Verdict]:
            nonlocal seen
            verdicts = []
            for signed in sign(records):
                verdicts.append(memory.admit(signed, seen) if isinstance(signed, bytes) else signed)
                seen += 1
            return verdicts

        with self.remembering(ctx) as memory, self.signer(ctx) as sign:
            yield judge

    @contextmanager
    def remembering(self, ctx: Context) -> Iterator[Memory]:
        """Yield an empty memory, and close it at the end if it can be closed."""
        memory = self.memory(ctx)
        try:
            yield memory
        finally:
            close = getattr(memory, "close", None)
            if close is not None:
                close()

    @abstractmethod
    def signer(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Load what signing needs and yield the signer (in every worker)."""

    @abstractmethod
    def memory(self, ctx: Context) -> Memory:
        """Return an empty memory (in one place only)."""


class Study(Protocol):
    """What a studying filter gathers about a corpus. Lives in one place, told in input order."""

    def add(self, note: bytes) -> None:
        """Take in what was noted about the next record."""

    def learn(self, hits: int | None) -> Filter:
        """Return the filter that judges; it must be cheap to pickle, and must not study in turn.

        Args:
            hits: How many records the step `like` hit; None where there is no such step.

        Raises:
            UsageError: the corpus is too small for what the options ask.
        """


class StudyingFilter(Filter):
    """Looks at the whole corpus before it judges: a share of all records, or clusters of them.

    A run makes a pass of its own for it, up to its step and with every step before it done:
    workers note a few bytes about each record the step would see, one study gathers the notes in
    input order, and what it learns judges in the filter's place. The score of what was learned
    lies in the same range and is held against the same rule.
    """

    def studies(self) -> bool:
        """Say whether the options need the pass; if not, `open` judges as any filter's does."""
        return True

    def like(self) -> str | None:
        """Return the earlier step whose number of hits `learn` needs to know; None for none."""
        return None

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:  # noqa: ARG002
        """Refuse: only what was learned can judge."""
        raise UsageError(f"{self.name} needs a run: it judges after a look at the whole corpus")

    @abstractmethod
    def noter(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Load what noting needs and yield it: records in, bytes out (in every worker).

        A verdict in place of bytes leaves the record out of what is learned from.
        """

    @abstractmethod
    def study(self, ctx: Context) -> Study:
        """Return an empty study (in one place only)."""
