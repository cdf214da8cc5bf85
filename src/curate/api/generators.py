"""Generators: prompts in, completions out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from curate.api.plugins import Context, Plugin


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
