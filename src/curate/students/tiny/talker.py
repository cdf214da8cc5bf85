"""A trained student talks: batches of prompts in, answers and likelihoods out."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from curate.answers.prompts import plain, words
from curate.api import Completion, Context, Prompt
from curate.errors import UsageError
from curate.extras import need
from curate.students.tiny.answering import go_on, log_probabilities
from curate.students.tiny.checkpoint import Checkpoint, save
from curate.students.tiny.network import EXTRA, SOFT

PASS = 16_384
"""Tokens in one pass, at most, unless one text alone is longer."""


class Seen(NamedTuple):
    """How many lessons a student could learn from."""

    lessons: int
    cut: int
    """Longer than a row, so their end was not learned."""
    left_out: int
    """Of these the assistant says nothing within a row."""


class TinyTalker:
    """One student of many.

    Sampling is keyed by the run's seed, the job's seed and the prompt: the arms of one seed draw
    the same numbers, so that what differs between them is what they learned.

    Args:
        name: The job's, for messages.
        trained: The network; weights (1, ...).
        seed: The job's.
        ctx: The run's context.
        seen: What it learned from.
    """

    def __init__(self, name: str, trained: Checkpoint, seed: int, ctx: Context, seen: Seen) -> None:
        self.name, self._trained, self._seed, self._ctx = name, trained, seed, ctx
        self.seen = seen
        shape = trained.shape
        soft = trained.weights[SOFT].shape[1] if SOFT in trained.weights else 0
        self._soft = list(range(shape.vocabulary, shape.vocabulary + soft))

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        """Return one completion per prompt, in order.

        Raises:
            UsageError: a prompt is too long, or has words the student does not know.
        """
        starts = [self._start(prompt, 1) for prompt in prompts]
        found: dict[int, Completion] = {}
        order = sorted(
            range(len(prompts)), key=lambda at: (prompts[at].max_tokens, len(starts[at]))
        )
        for most, group in groupby(order, key=lambda at: prompts[at].max_tokens):
            for several in _passes(group, lambda at, most=most: len(starts[at]) + most):
                asked = [prompts[at] for at in several]
                made = self._go_on(asked, [starts[at] for at in several], most)
                for at, answer in zip(several, made, strict=True):
                    found[at] = self._completion(len(starts[at]), answer)
        return [found[at] for at in range(len(prompts))]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        """Return log P(answer | prompt) in nats for each pair.

        Raises:
            UsageError: a pair is too long, or has words the student does not know.
        """
        texts = []
        for prompt, answer in zip(prompts, answers, strict=True):
            said = self._trained.tokens.encode(answer)
            start = self._start(prompt, len(said))
            texts.append((start + said, len(start)))
        found: dict[int, float] = {}
        order = sorted(range(len(texts)), key=lambda at: len(texts[at][0]))
        for several in _passes(order, lambda at: len(texts[at][0])):
            asked = [texts[at] for at in several]
            sums = log_probabilities(self._trained.shape, self._trained.weights, asked)
            found |= zip(several, sums, strict=True)
        return [found[at] for at in range(len(texts))]

    def save(self, folder: Path) -> None:
        """Write the student as a checkpoint that transformers opens and tiny_lm can begin with.

        Raises:
            UsageError: it has a soft prompt, which has no place in such a checkpoint.
        """
        if self._soft:
            raise UsageError(f"{self.name}: a soft prompt cannot be saved with the weights")
        weights = {name: value[0] for name, value in self._trained.weights.items()}
        save(folder, Checkpoint(self._trained.shape, weights, self._trained.tokens))

    def _start(self, prompt: Prompt, more: int) -> list[int]:
        start = self._soft + self._trained.tokens.opening(prompt.messages)
        if len(start) + more > self._trained.shape.length:
            told = words(plain(prompt.messages))
            raise UsageError(
                f"{self.name}: {len(start) + more:,} tokens where the student sees "
                f"{self._trained.shape.length:,}: {told}"
            )
        return start

    def _go_on(
        self, prompts: Sequence[Prompt], starts: Sequence[list[int]], most: int
    ) -> list[list[int]]:
        torch = need("torch", EXTRA)
        numbers = torch.zeros(len(prompts), most, dtype=torch.float64)
        warm = [at for at, prompt in enumerate(prompts) if prompt.temperature > 0]
        for at in warm:
            draws = self._draws(prompts[at])
            numbers[at] = torch.tensor([next(draws) for _ in range(most)], dtype=torch.float64)
        heat = torch.tensor([[prompts[at].temperature] for at in warm], dtype=torch.float64)

        def choose(number: int, scores: Any) -> Any:
            chosen = scores.argmax(-1)
            if warm:
                sums = (scores[warm].double() / heat).softmax(-1).cumsum(-1)
                aims = numbers[warm, number].unsqueeze(1) * sums[:, -1:]
                places = torch.searchsorted(sums, aims, right=True).squeeze(1)
                chosen[warm] = places.clamp(max=scores.shape[1] - 1)
            return chosen

        shape, weights = self._trained.shape, self._trained.weights
        return go_on(shape, weights, starts, most, self._trained.tokens.end, choose)

    def _draws(self, prompt: Prompt) -> Iterator[float]:
        asked = json.dumps([self._seed, prompt.messages, prompt.sample])
        rng = self._ctx.rng("tiny_lm", hashlib.sha256(asked.encode("ascii")).hexdigest())
        while True:
            yield rng.random()

    def _completion(self, tokens_in: int, answer: list[int]) -> Completion:
        tokens = self._trained.tokens
        finish = "stop" if answer[-1] == tokens.end else "length"
        return Completion(tokens.decode(answer), finish, "tiny_lm", tokens_in, len(answer))


def _passes(order: Iterable[int], length: Any) -> Iterator[list[int]]:
    """Yield what fits one pass, of things ordered by length."""
    several: list[int] = []
    for at in order:
        if several and (len(several) + 1) * length(at) > PASS:
            yield several
            several = []
        several.append(at)
    if several:
        yield several
