"""Log-likelihoods from `/completions` with `echo` and `logprobs`, where the endpoint proves it can.

Many servers take these parameters and ignore them, or give numbers about something else, so an
endpoint is first asked for two continuations of which one is obviously likelier.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from curate.answers.cache import Value, key
from curate.answers.prompts import plain, sendable, words
from curate.answers.questions import Question
from curate.api import Message, Prompt
from curate.errors import UsageError
from curate.generators.endpoint.chat import Endpoint, usage

PATH = "/completions"
_BEGIN = "One, two, three, four, five, six,"
_LIKELY, _UNLIKELY = " seven, eight, nine, ten", " walrus, brick, tango, fog"


class Transcript(BaseModel):
    """How a conversation is written as one text, `{content}` standing for what is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    system: str = "{content}\n\n"
    user: str
    assistant: str
    start: str
    """What stands before the answer."""

    @field_validator("system", "user", "assistant")
    @classmethod
    def _has_content(cls, form: str) -> str:
        if "{content}" not in form:
            raise ValueError("must hold {content}, which stands for what is said")
        return form

    def text(self, messages: Sequence[Message]) -> str:
        """Return the conversation up to the answer."""
        forms = self.model_dump()
        said = [forms[role].replace("{content}", content) for role, content in messages]
        return "".join([*said, self.start])


def context(prompt: Prompt, transcript: Transcript | None) -> str:
    """Return the text an answer continues.

    Raises:
        UsageError: a conversation, and nobody said how it is written as one text.
    """
    if transcript is not None:
        return transcript.text(prompt.messages)
    if len(prompt.messages) != 1:
        raise UsageError(
            "/completions takes one text, and a conversation can be written in many ways: give "
            "the generator `transcript: {user: ..., assistant: ..., start: ...}` as its model "
            "was trained"
        )
    return prompt.messages[0].content


def question(endpoint: Endpoint, begin: str, answer: str) -> Question:
    """Return the request for the log-likelihood of `answer` after `begin`."""
    begin = sendable(begin)
    text = begin + sendable(answer)
    body = {
        "model": endpoint.model,
        "prompt": text,
        "max_tokens": 1,  # some servers refuse 0
        "temperature": 0,
        "echo": True,
        "logprobs": 1,
    }
    name = key({"endpoint": endpoint.url, "path": PATH, "body": body, "from": len(begin)})
    size = len(text.encode("utf-8")) + 1
    named = words(plain([("user", begin)]))
    return Question(name, PATH, body, partial(read, text=text, begin=len(begin)), named, size, 1)


def read(payload: Any, text: str, begin: int) -> Value:
    """Return the sum of the log-probabilities (nats) of the tokens of `text` after `begin`.

    A token across that place counts whole.

    Raises:
        UsageError: the response does not hold one number for each token of the text.
    """
    try:
        choice = payload["choices"][0]
        found = choice["logprobs"]
        tokens, starts, values = found["tokens"], found["text_offset"], found["token_logprobs"]
        total = _sum(tokens, starts, values, text, begin)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        why = str(error) if type(error) is ValueError else "it sends none for the text it was given"
        raise UsageError(f"{why}") from None
    return {"log_likelihood": total} | usage(payload)


def _sum(
    tokens: Sequence[str], starts: Sequence[int], values: Sequence[Any], text: str, begin: int
) -> float:
    if not len(tokens) == len(starts) == len(values) > 1:
        raise ValueError("it sends another number of tokens, offsets and values")
    if not text.startswith(tokens[0]) and starts[1] == len(tokens[0]):
        starts = [start - starts[1] for start in starts]  # a begin-of-text token that is no text
    ends = [*starts[1:], starts[-1] + len(tokens[-1])]
    if any(low > high for low, high in pairwise(starts)) or len(text) not in ends:
        raise ValueError("its token offsets do not add up to the text")
    counted = [
        value
        for start, end, value in zip(starts, ends, values, strict=True)
        if end > begin and start < len(text)
    ]
    if not all(isinstance(value, int | float) and value <= 0 for value in counted):
        raise ValueError("its values are no log-probabilities")
    return float(sum(counted))


def prove(endpoint: Endpoint, ask: Callable[[Sequence[Question]], Sequence[Value]]) -> None:
    """See whether the endpoint's log-likelihoods can be trusted.

    Raises:
        UsageError: they cannot; says why.
    """
    asked = [question(endpoint, _BEGIN, answer) for answer in (_LIKELY, _UNLIKELY)]
    try:
        likely, unlikely = (value["log_likelihood"] for value in ask(asked))
    except (UsageError, ValueError) as error:
        raise UsageError(_untrusted(endpoint, str(error))) from error
    if not likely > unlikely:
        told = (
            f"{_BEGIN + _LIKELY!r} gets {likely:.2f}, no more than {_UNLIKELY!r} ({unlikely:.2f})"
        )
        raise UsageError(_untrusted(endpoint, told))


def _untrusted(endpoint: Endpoint, why: str) -> str:
    return (
        f"{endpoint.model} at {endpoint.url} gives no log-likelihoods that can be trusted: {why}. "
        "Take a server whose /completions answers `echo` with `logprobs`, or the `hf` generator "
        "with a local copy of the model"
    )
