"""Log-likelihoods of an endpoint: summed where they are real, refused where they are not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curate.api import Context, Message, Prompt
from curate.errors import OutageError, UsageError
from curate.generators.endpoint.likelihood import Transcript
from endpoints import Asked, Endpoint, Reply
from talking import prompt, talking

KNOWN = {" seven": -0.5, " eight": -0.1, " nine": -0.1, " ten": -0.2, " blue": -1.25, " sky": -2.5}


ONE = {"tokens": ["x"], "text_offset": [0], "token_logprobs": [-1.0]}


def tokens_of(text: str) -> list[str]:
    return re.findall(r"\s*[^\s,]+|\s*,|\s+$", text)


def completion(asked: Asked, *, begin: str = "", **logprobs: Any) -> Reply:
    """Answer as vLLM does with `echo`: the prompt's tokens, then one more."""
    text = asked.body["prompt"]
    tokens = [*([begin] if begin else []), *tokens_of(text), " more"]
    starts = [sum(map(len, tokens[:n])) for n in range(len(tokens))]
    values = [None, *(KNOWN.get(token, -9.0) for token in tokens[1:])]
    told = {"tokens": tokens, "text_offset": starts, "token_logprobs": values} | logprobs
    usage = {"prompt_tokens": len(tokens) - 1, "completion_tokens": 1}
    return Reply({"choices": [{"text": text + " more", "logprobs": told}], "usage": usage})


def test_the_tokens_of_the_answer_are_summed(endpoint: Endpoint):
    endpoint.script = completion
    with talking(endpoint) as talker:
        asked = [prompt("The very"), prompt("The very"), prompt("The very")]
        found = talker.log_likelihood(asked, [" blue sky", " blue", ""])
    assert found == [-3.75, -1.25, 0.0]
    assert endpoint.asked[-1].path == "/v1/completions"


def test_a_token_that_begins_the_text_is_no_text(endpoint: Endpoint):
    endpoint.script = lambda asked: completion(asked, begin="<|begin_of_text|>")
    with talking(endpoint) as talker:
        assert talker.log_likelihood([prompt("The very")], [" blue sky"]) == [-3.75]


def test_the_proof_is_asked_for_once_and_answers_are_remembered(endpoint: Endpoint, tmp_path: Path):
    endpoint.script = completion
    ctx = Context(cache=tmp_path)
    with talking(endpoint, ctx) as talker:
        for _ in range(3):
            talker.log_likelihood([prompt("The very")], [" blue"])
    assert len(endpoint.asked) == 3
    with talking(endpoint, Context(cache=tmp_path, replay=True)) as talker:
        assert talker.log_likelihood([prompt("The very")], [" blue"]) == [-1.25]
        with pytest.raises(OutageError, match="1 of 1 answers are not in the cache"):
            talker.log_likelihood([prompt("The very")], [" green"])
    assert len(endpoint.asked) == 3


def shifted(asked: Asked) -> Reply:
    made = completion(asked)
    return completion(
        asked,
        text_offset=[n + 3 for n in made.body["choices"][0]["logprobs"]["text_offset"]],
    )


def upside_down(asked: Asked) -> Reply:
    made = completion(asked).body["choices"][0]["logprobs"]
    flipped = [None, *(-10 - value for value in made["token_logprobs"][1:])]
    return completion(asked, token_logprobs=flipped)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (lambda _: Reply({"choices": [{"text": " seven"}]}), "it sends none for the text"),
        (lambda _: Reply({"choices": [{"text": "", "logprobs": None}]}), "it sends none"),
        (lambda asked: completion(asked, tokens=[" more"]), "another number of tokens"),
        (lambda _: Reply({"choices": [{"logprobs": ONE}]}), "another number"),
        (shifted, "do not add up"),
        (lambda asked: completion(asked, token_logprobs=["a"] * 30), "another number"),
        (upside_down, "no more than ' walrus"),
        (lambda _: Reply({"error": {"message": "no such route"}}, 404), "no such route"),
        (lambda _: Reply({"error": {"message": "echo is not supported"}}, 400), "not supported"),
    ],
    ids=[
        "ignored", "null", "generated only", "one token", "shifted", "no numbers", "unlikely",
        "no route", "refused",
    ],
)  # fmt: skip
def test_an_endpoint_that_cannot_is_told_apart(
    endpoint: Endpoint, script: Callable[[Asked], Reply], told: str
):
    endpoint.script = script
    with talking(endpoint) as talker, pytest.raises(UsageError) as caught:
        talker.log_likelihood([prompt("a")], [" b"])
    assert "gives no log-likelihoods that can be trusted" in str(caught.value)
    assert told in str(caught.value)
    assert "`hf` generator" in str(caught.value)


def test_values_that_are_no_log_probabilities(endpoint: Endpoint):
    def script(asked: Asked) -> Reply:
        count = len(tokens_of(asked.body["prompt"])) + 1
        return completion(asked, token_logprobs=[None, *([0.5] * (count - 1))])

    endpoint.script = script
    with talking(endpoint) as talker, pytest.raises(UsageError, match="are no log-probabilities"):
        talker.log_likelihood([prompt("a")], [" b"])


class TestTranscript:
    CHAT = Prompt((Message("system", "Be brief."), Message("user", "The very")))

    def test_a_conversation_is_written_as_the_user_says(self, endpoint: Endpoint):
        endpoint.script = completion
        written = {"user": "U: {content}\n", "assistant": "A: {content}\n", "start": "A:"}
        with talking(endpoint, transcript=written) as talker:
            assert talker.log_likelihood([self.CHAT], [" blue"]) == [-1.25]
        assert endpoint.asked[-1].body["prompt"] == "Be brief.\n\nU: The very\nA: blue"

    def test_nobody_guesses_how(self, endpoint: Endpoint):
        with talking(endpoint) as talker, pytest.raises(UsageError, match="give the generator `tr"):
            talker.log_likelihood([self.CHAT], [" blue"])
        assert not endpoint.asked

    def test_a_form_without_a_place_for_the_content(self):
        with pytest.raises(ValueError, match=r"must hold \{content\}"):
            Transcript(user="User", assistant="{content}", start="")
