"""What a plugin author needs: the plugin kinds, the verdict, the rule, the context.

A plugin is a frozen pydantic config. Building one is cheap and touches nothing; `open(ctx)` loads
what it needs and yields a plain function, so a model lives exactly as long as its `with` block.
A filter only judges: whether a score is a hit is the rule's business, what happens to a hit the
plan's.
"""

import hashlib
import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple, Protocol, Self, TypeVar

import pluggy
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationInfo,
    model_validator,
)

from curate.records import Record, Scope, Span

hookimpl = pluggy.HookimplMarker("curate")
"""Marks a function of a plugin module as the implementation of a hook in `curate.hookspecs`."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


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


@dataclass(frozen=True)
class Context:
    """What `open()` gets: nothing about the records, everything about the run."""

    seed: int = 0
    offline: bool = False
    cache: Path | None = None
    """A folder that survives runs, for answers already paid for; None: nothing is remembered."""
    replay: bool = False
    """Answer from the cache only; what is not there is an outage."""
    max_cost: float | None = None
    """What this run may spend, in the currency of the price list."""

    def rng(self, *names: object) -> random.Random:
        """Return a generator keyed by `names`, so that no draw depends on order or workers."""
        key = "\0".join(map(str, (self.seed, *names)))
        seed = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        return random.Random(seed)  # noqa: S311  (draws, not secrets)


Judge = Callable[[Sequence[Record]], Sequence[Verdict]]
"""Records in, as many verdicts out, in the same order."""


class Plugin(BaseModel):
    """A frozen, picklable config with a name. Its fields are the options of `with:` in a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    version: ClassVar[str] = "1"
    """Raise it when the same options would now give other results; runs refuse to mix versions."""

    def fingerprint(self) -> Mapping[str, str]:
        """Return what else decides the results: name -> hash of every model file that is read.

        Part of a run's identity; asked once when a run begins, never by `curate plan`.
        """
        return {}

    def label(self) -> str:
        """The step's name in a plan that gives none: the pack, the card, or the plugin's name."""
        return self.name


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
    """What a corpus filter remembers. Lives in one place and is asked in input order."""

    def admit(self, signature: bytes, index: int) -> Verdict:
        """Judge the record at `index` by the signatures admitted before, then remember it."""


class CorpusFilter(Filter):
    """Judges a record by what came before it (duplicates).

    Workers compute signatures, in any order; one memory admits them, in input order, so the
    answer is the same for any number of workers. Signatures are journalled with every segment:
    a resumed run admits the journal again instead of reading the corpus.
    """

    def open(self, ctx: Context) -> AbstractContextManager[Judge]:
        """Yield a judge with a memory of its own, for trying the filter outside a run."""
        return self._alone(ctx)

    @contextmanager
    def _alone(self, ctx: Context) -> Iterator[Judge]:
        memory = self.memory(ctx)
        seen = 0

        def judge(records: Sequence[Record]) -> list[Verdict]:
            nonlocal seen
            verdicts = []
            for signed in sign(records):
                verdicts.append(memory.admit(signed, seen) if isinstance(signed, bytes) else signed)
                seen += 1
            return verdicts

        with self.signer(ctx) as sign:
            yield judge

    @abstractmethod
    def signer(self, ctx: Context) -> AbstractContextManager[Signer]:
        """Load what signing needs and yield the signer (in every worker)."""

    @abstractmethod
    def memory(self, ctx: Context) -> Memory:
        """Return an empty memory (in one place only)."""


class Message(NamedTuple):
    """One message of a conversation; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked to continue.

    `sample` tells repeated askings of the same conversation apart: each has an answer of its own.
    `schema` is a JSON schema for the answer, for endpoints that can hold a model to one.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 512
    temperature: float = 0.0
    sample: int = 0
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model answered.

    `finish` is `stop`, or `length` for an answer that was cut off. `model` is the name the
    endpoint gave back. Token counts are 0 where nobody counted.
    """

    text: str
    finish: str = "stop"
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


class Talker(Protocol):
    """An open generator: anything that can talk can be probed."""

    def generate(self, prompts: Sequence[Prompt]) -> Sequence[Completion]:
        """Return one completion per prompt, in order.

        Raises:
            OutageError: the service does not answer, or the budget is spent.
        """

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> Sequence[float]:
        """Return log P(answer | prompt) in nats for each pair: the sum over the answer's tokens.

        Raises:
            UsageError: this generator cannot give it.
        """


class Generator(Plugin, ABC):
    """A model that answers prompts: an endpoint, a local model, a file of answers."""

    @abstractmethod
    def open(self, ctx: Context) -> AbstractContextManager[Talker]:
        """Connect to or load the model; release it on leaving."""


Built = TypeVar("Built", bound=Plugin)


def _build(value: Any, info: ValidationInfo) -> Any:
    """Turn `{use: NAME, with: {...}}` inside a plugin's options into the plugin it names."""
    if not isinstance(value, Mapping):
        return value
    build = (info.context or {}).get("build")
    if build is None:
        raise ValueError("a plugin is built by name only in a plan; here give the plugin itself")
    return build(value)


Inner = Annotated[Built, BeforeValidator(_build), SerializeAsAny()]
"""An option that is itself a plugin: `generator: Inner[Generator]`, in a plan `{use, with}`."""


__all__ = [
    "NOTHING",
    "Completion",
    "Context",
    "CorpusFilter",
    "Filter",
    "Generator",
    "Inner",
    "Judge",
    "Memory",
    "Message",
    "Plugin",
    "Prompt",
    "Record",
    "RecordFilter",
    "Rule",
    "Scope",
    "Signer",
    "Span",
    "Talker",
    "TextFilter",
    "Verdict",
    "hookimpl",
]
