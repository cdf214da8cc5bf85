"""Any OpenAI-compatible endpoint as a generator."""

import ipaddress
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, field_validator

from curate.answers.budget import budget_of
from curate.answers.pricing import Price, list_price
from curate.answers.questions import Terms
from curate.answers.recall import Recall
from curate.api import Context, Generator, Talker
from curate.errors import UsageError
from curate.generators.endpoint.chat import Endpoint
from curate.generators.endpoint.likelihood import Transcript
from curate.generators.endpoint.talker import EndpointTalker

OPENAI = "https://api.openai.com/v1"


def _address() -> str:
    return os.environ.get("OPENAI_BASE_URL") or OPENAI


class OpenAI(Generator):
    """Asks a model behind any OpenAI-compatible endpoint: hosted, vLLM, llama.cpp, Ollama.

    The key comes from the environment and goes nowhere but to the endpoint. Failures that pass
    are retried; what was answered is remembered, so a run that ends early pays for nothing twice.
    Log-likelihoods need a server whose `/completions` answers `echo` with `logprobs`, as vLLM's.
    """

    name: ClassVar[str] = "openai"

    model: str = Field(description="the model's name, as the endpoint knows it", min_length=1)
    base_url: str = Field(
        default_factory=_address,
        validate_default=True,
        json_schema_extra={"default": f"$OPENAI_BASE_URL, or {OPENAI}"},
        description="the endpoint's address, up to and with /v1",
    )
    extra: dict[str, JsonValue] = Field(
        {},
        description="further parameters of a request, such as top_p; null takes one out",
    )
    max_tokens_as: Literal["max_tokens", "max_completion_tokens"] = Field(
        "max_tokens", description="what the endpoint calls the limit of an answer"
    )
    transcript: Transcript | None = Field(
        None, description="how a conversation is written as one text, for log-likelihoods"
    )
    # What follows decides no answer: it is not part of a run's identity.
    key_env: str = Field(
        "OPENAI_API_KEY", exclude=True, description="the environment variable that holds the key"
    )
    concurrency: int = Field(64, ge=1, exclude=True, description="requests on their way at once")
    requests_per_minute: float | None = Field(
        None, gt=0, exclude=True, description="requests begun in a minute, at most"
    )
    tokens_per_minute: float | None = Field(
        None, gt=0, exclude=True, description="tokens read and written in a minute, at most"
    )
    timeout: float = Field(120.0, gt=0, exclude=True, description="seconds an answer may take")
    retries: int = Field(
        5, ge=0, exclude=True, description="how often a request that failed is sent again"
    )
    price: Price | None = Field(
        None, exclude=True, description="for --max-cost; default: a list of known prices"
    )

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise ValueError("must be an address such as http://localhost:8000/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError(
                "must be a bare address: a key stands in the environment variable `key_env` names"
            )
        return url.rstrip("/")

    def label(self) -> str:
        """Return the model's name."""
        return self.model

    @contextmanager
    def open(self, ctx: Context) -> Iterator[Talker]:
        """Connect when something is asked; in a replay nothing is.

        Raises:
            UsageError: no key, no price for a budget, or a network where `--offline` forbids it.
        """
        from curate.answers.client import Client  # brings asyncio, which most commands do without

        endpoint = Endpoint(self.base_url, self.model, self.extra, self.max_tokens_as)
        with ExitStack() as stack:
            recall = Recall(ctx)
            stack.callback(recall.close)
            client = None
            if not ctx.replay:
                client = Client(self._terms(ctx), recall, budget_of(ctx), ctx.rng)
                stack.enter_context(client)
            yield EndpointTalker(endpoint, self.transcript, recall, client)

    def _terms(self, ctx: Context) -> Terms:
        host = urlsplit(self.base_url).hostname or ""
        if ctx.offline and not _here(host):
            raise UsageError(
                f"{host} is not this machine, and the run is --offline; --replay takes the "
                "answers from the cache"
            )
        price = self.price or list_price(host, self.model)
        if ctx.max_cost is not None and price is None:
            raise UsageError(
                f"the price of {self.model!r} at {host} is not known, so --max-cost cannot be "
                "kept; give the generator `price: {in: ..., out: ...}`, per million tokens"
            )
        return Terms(
            self.base_url,
            _here(host),
            self._key(host),
            self.key_env,
            self.concurrency,
            self.timeout,
            self.retries,
            self.requests_per_minute,
            self.tokens_per_minute,
            price,
        )

    def _key(self, host: str) -> str | None:
        key = os.environ.get(self.key_env, "").strip()
        if not key and host == urlsplit(OPENAI).hostname:
            raise UsageError(f"{host} needs a key: put it into ${self.key_env}")
        if not (key.isascii() and key.isprintable()):
            raise UsageError(f"${self.key_env} holds characters that are in no key")
        return key or None


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
