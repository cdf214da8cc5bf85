"""An open endpoint: what was answered before comes from the cache, the rest is asked."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curate.answers.cache import Value
from curate.answers.questions import Question
from curate.answers.recall import Recall
from curate.api import Completion, Prompt
from curate.generators.endpoint import chat, likelihood
from curate.generators.endpoint.chat import Endpoint
from curate.generators.endpoint.likelihood import Transcript

if TYPE_CHECKING:
    from curate.answers.client import Client


class EndpointTalker:
    """Talks to one model of an endpoint; any thread may call.

    Args:
        endpoint: Where, and which model.
        transcript: How a conversation is written for log-likelihoods.
        recall: What was answered before.
        client: Asks; None in a replay, where nothing is asked.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        transcript: Transcript | None,
        recall: Recall,
        client: "Client | None",
    ) -> None:
        self.endpoint, self.transcript, self.recall = endpoint, transcript, recall
        self.client = client
        self._proven = False
        self._proving = threading.Lock()

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        """Return one completion per prompt, in order."""
        questions = [chat.question(self.endpoint, prompt) for prompt in prompts]
        return [Completion(**value) for value in self._answers(questions)]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        """Return log P(answer | prompt) in nats for each pair."""
        begins = [likelihood.context(prompt, self.transcript) for prompt in prompts]
        with self._proving:
            if begins and not self._proven:
                likelihood.prove(self.endpoint, self._answers)
                self._proven = True
        questions = [
            likelihood.question(self.endpoint, begin, answer)
            for begin, answer in zip(begins, answers, strict=True)
        ]
        return [value["log_likelihood"] for value in self._answers(questions)]

    def _answers(self, questions: Sequence[Question]) -> list[Value]:
        by_key = {question.key: question for question in questions}
        found = self.recall.known({key: question.words for key, question in by_key.items()})
        missing = [question for key, question in by_key.items() if key not in found]
        if missing:
            assert self.client is not None  # noqa: S101  (in a replay nothing is missing)
            self.client.proven |= bool(found)
            found |= self.client.ask(missing)
        return [found[question.key] for question in questions]
