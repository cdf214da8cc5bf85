"""Asking an endpoint: what the tests of generators share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from curate.api import Completion, Context, Message, Prompt, Talker
from curate.generators.openai import OpenAI
from endpoints import Endpoint


def prompt(text: str, **more: Any) -> Prompt:
    """A prompt of one message."""
    return Prompt((Message("user", text),), **more)


@contextmanager
def talking(endpoint: Endpoint, ctx: Context | None = None, **options: Any) -> Iterator[Talker]:
    """Open a model of the endpoint."""
    generator = OpenAI(model="m", base_url=endpoint.url, **{"timeout": 5, **options})
    with generator.open(ctx or Context()) as talker:
        yield talker


def texts(completions: Sequence[Completion]) -> list[str]:
    return [completion.text for completion in completions]
