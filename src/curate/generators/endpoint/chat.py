"""`/chat/completions`: a prompt as the endpoint wants it, its answer as a completion."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curate.answers.cache import Value, key
from curate.answers.failures import Again
from curate.answers.prompts import plain, sendable, words
from curate.answers.questions import Question
from curate.api import Prompt

PATH = "/chat/completions"
OVERHEAD = 64
"""Tokens that a chat template may add to a prompt, at most."""
_CUT_OFF = frozenset({"length", "max_tokens", "model_length"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What decides an endpoint's answers, apart from the prompt."""

    url: str
    model: str
    extra: Mapping[str, Any]
    max_tokens_as: str


def question(endpoint: Endpoint, prompt: Prompt) -> Question:
    """Return the request for one completion."""
    body = _body(endpoint, prompt)
    name = key({"endpoint": endpoint.url, "path": PATH, "body": body, "sample": prompt.sample})
    messages = plain(prompt.messages)
    size = len(json.dumps(body)) + OVERHEAD * len(messages)  # a token is at least a byte
    return Question(name, PATH, body, read, words(messages), size, prompt.max_tokens)


def read(payload: Any) -> Value:
    """Return what the cache keeps of a response: the fields of a `Completion`.

    Raises:
        Again: it is not a chat completion.
    """
    try:
        choice = payload["choices"][0]
        text = _text(choice["message"])
        finish = choice.get("finish_reason")
    except (AttributeError, IndexError, KeyError, TypeError):
        raise Again("a response that is no chat completion") from None
    if finish in _CUT_OFF:
        finish = "length"
    elif finish != "content_filter":
        finish = "stop"
    return {"text": text, "finish": finish, "model": str(payload.get("model") or "")} | usage(
        payload
    )


def usage(payload: Mapping[str, Any]) -> dict[str, int]:
    """Return the tokens a response says it used; 0 where it does not say."""
    counts = payload.get("usage") or {}
    told = {"tokens_in": counts.get("prompt_tokens"), "tokens_out": counts.get("completion_tokens")}
    return {name: count if isinstance(count, int) else 0 for name, count in told.items()}


def _body(endpoint: Endpoint, prompt: Prompt) -> dict[str, Any]:
    messages = [(role, sendable(content)) for role, content in prompt.messages]
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": plain(messages),
        endpoint.max_tokens_as: prompt.max_tokens,
        "temperature": prompt.temperature,
    }
    if prompt.schema is not None:
        wanted = {"name": "answer", "schema": prompt.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": wanted}
    body |= endpoint.extra
    return {name: value for name, value in body.items() if value is not None}


def _text(message: Mapping[str, Any]) -> str:
    """Return the text of a message: its content, the texts of its parts, or its refusal."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text") or "") for part in content)
    return str(content or message.get("refusal") or "")
