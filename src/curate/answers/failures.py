"""What an endpoint's response means when it is no answer: ask again, give up, or never ask this."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from curate.answers.patience import asked_for
from curate.errors import OutageError, UsageError

_SHOWN = 300


class Again(Exception):  # noqa: N818  (what to do about it)
    """The same request may be answered later; `wait` is how many seconds the endpoint asks for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Refused(ValueError):  # noqa: N818  (what was done to the prompt)
    """The endpoint refuses this one prompt, as too long for instance, and answers others.

    Not a `CurateError`: like any exception of a plugin it concerns one record, and the step's
    `on_error` says what becomes of that.
    """


class Response(Protocol):
    """The parts of an HTTP response that are looked at; header names are in lower case."""

    @property
    def status_code(self) -> int:
        """Three digits."""

    @property
    def headers(self) -> Mapping[str, str]:
        """By name."""

    @property
    def content(self) -> bytes:
        """The body."""


def payload(response: Response, key_name: str, key: str | None) -> Any:
    """Return the JSON of a response.

    Args:
        response: What came back.
        key_name: The environment variable of the key, for messages.
        key: The key itself, which no message shows.

    Raises:
        Again: a passing failure: 408, 409, 425, 429, 5xx, or a body that is not JSON.
        Refused: the endpoint says that this request is wrong.
        UsageError: the key, the address or the model is wrong.
        OutageError: the account has no money left.
    """
    status = response.status_code
    fine = 200 <= status < 300
    try:
        body = json.loads(response.content)
    except ValueError:  # not UTF-8 or not JSON
        body = None
        if fine:
            said = _said(response, None, key)
            raise Again(f"HTTP {status} with a body that is not JSON: {said}") from None
    error = body.get("error") if isinstance(body, dict) else None
    if fine and error is None:
        return body
    code = error.get("code") if isinstance(error, dict) else None
    if fine:  # some gateways hide a failure in an answer
        status = code if isinstance(code, int) else 500
    raise _failure(status, code, _said(response, error, key), response.headers, key_name)


def _failure(
    status: int, code: object, said: str, headers: Mapping[str, str], key_name: str
) -> Exception:
    if status in (401, 403):  # what it said may quote the key in part
        return UsageError(
            f"the endpoint answers HTTP {status}: it does not accept the key in ${key_name}, or "
            "the key may not use this model"
        )
    if status == 402 or code == "insufficient_quota":
        return OutageError(f"the endpoint's account has no money left (HTTP {status}): {said}")
    if status in (408, 409, 425, 429) or status >= 500:
        return Again(f"HTTP {status}: {said}", asked_for(headers))
    if status in (400, 413, 422):
        return Refused(f"the endpoint refuses this prompt (HTTP {status}): {said}")
    return UsageError(
        f"the endpoint answers HTTP {status}: {said or headers.get('location', 'nothing more')}; "
        "check `base_url` and `model`"
    )


def _said(response: Response, error: Any, key: str | None) -> str:
    """Return what the endpoint says about it, on one line, cut to a readable length."""
    message = error.get("message") if isinstance(error, dict) else error
    if not isinstance(message, str):
        message = response.content.decode("utf-8", "replace")
    text = " ".join((message.replace(key, "***") if key else message).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
