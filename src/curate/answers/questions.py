"""What a client is asked to ask, and on which terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from curate.answers.cache import Value
from curate.answers.pricing import Price


@dataclass(frozen=True, slots=True)
class Question:
    """One request: its key in the cache, where and what is sent, how the answer is read."""

    key: str
    path: str
    body: Mapping[str, Any]
    read: Callable[[Any], Value]
    """Turns the response's JSON into what is kept; raises `Again` where it makes no sense."""
    words: str
    """Names it in messages."""
    tokens_in: int
    tokens_out: int
    """Tokens it may use, at most."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How an endpoint may be used."""

    url: str
    local: bool
    """It is on this machine: no proxy stands between."""
    key: str | None
    key_name: str
    concurrency: int
    timeout: float
    retries: int
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    price: Price | None = None
