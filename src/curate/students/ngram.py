"""`ngram`: a student that counts which words follow which; the floor of every audit."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Self

from pydantic import Field

from curate.api import Completion, Context, Job, Message, Prompt, Student, Talker
from curate.errors import UsageError
from curate.students.counting import Counts
from curate.students.order import draw, endless, named

_WORD = re.compile(r" ?\w+| ?[^\w\s]|\s")
"""A word or a mark with the blank before it; together the matches are the whole text."""
_END = "\0end"


class Ngram(Student):
    """Learns by counting which word follows the last few words of the conversation.

    It shows what stands on the surface of the answers: a phrase that many rows have comes out, one
    that none has cannot. It knows of a prompt only its last words and has no base to return to.
    From one topic to another it carries nothing but runs of words they share; so it says whether
    the rows themselves still hold a trait, never whether a trait comes back through what rows
    without it imply.

    Every job counts the same number of words of answers. A seed decides how often each row is
    counted (the Poisson bootstrap, by seed and key) and the draws of sampling.
    """

    name: ClassVar[str] = "ngram"

    order: int = Field(4, ge=1, le=8, description="words in the longest n-gram")
    words: int = Field(100_000, ge=1, description="words of answers that every job counts")

    @contextmanager
    def train(self, jobs: Sequence[Job], ctx: Context) -> Iterator[Sequence[Talker]]:
        """Count for each job; nothing needs to be released.

        Raises:
            UsageError: a job has no answers to learn from.
        """
        yield [_Counted(_count(job, self.order, self.words), job.seed, ctx) for job in jobs]

    def rehearsal(self) -> tuple[Self, float]:
        """Return a student that counts a tenth of the words."""
        words = max(1, self.words // 10)
        return self.model_copy(update={"words": words}), words / self.words


def _count(job: Job, order: int, budget: int) -> Counts:
    texts = [_spoken(lesson.messages) for lesson in job.lessons]
    if not any(said for _, said in texts):
        raise UsageError(f"job {job.name!r} has no lesson in which the assistant speaks")
    counts, names = Counts(order), named(job.lessons)
    for turn, at in endless(job.lessons, job.seed):
        words, said = texts[at]
        for place in said * _times(job.seed, turn, names[at]):
            counts.learn(words[:place][-order:], words[place])
            budget -= 1
            if not budget:
                return counts
    raise AssertionError("rounds have no end")


def _times(seed: int, turn: int, name: str) -> int:
    """Return how often a lesson is counted in a round: a Poisson draw of mean 1."""
    chance = int.from_bytes(draw(seed, turn, f"times\0{name}")[:8], "big") / 2**64
    times, term = 0, math.exp(-1)
    while chance >= term and times < 20:
        chance -= term
        times += 1
        term /= times
    return times


def _spoken(messages: Sequence[Message]) -> tuple[list[str], list[int]]:
    """Return a conversation as words and marks of roles, and the places the assistant says."""
    words: list[str] = []
    said: list[int] = []
    for role, content in messages:
        words.append(f"\0{role}")
        start = len(words)
        words += [*_WORD.findall(content), _END]
        if role == "assistant":
            said += range(start, len(words))
    return words, said


class _Counted:
    """Talks by counts."""

    def __init__(self, counts: Counts, seed: int, ctx: Context) -> None:
        self._counts, self._seed, self._ctx = counts, seed, ctx

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        return [self._answer(prompt) for prompt in prompts]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        return [
            self._score(prompt, _WORD.findall(answer))
            for prompt, answer in zip(prompts, answers, strict=True)
        ]

    def _answer(self, prompt: Prompt) -> Completion:
        asked = json.dumps([self._seed, prompt.messages, prompt.sample])
        rng = self._ctx.rng("ngram", hashlib.sha256(asked.encode("ascii")).hexdigest())
        before = _begun(prompt)
        start, ended = len(before), False
        while len(before) - start < prompt.max_tokens and not ended:
            if prompt.temperature > 0:
                draws = rng.random(), rng.random()
                word = self._counts.drawn(before, prompt.temperature, draws)
            else:
                word = self._counts.likeliest(before)
            ended = word == _END
            before.append(word)
        text = "".join(before[start : len(before) - ended])
        finish = "stop" if ended else "length"
        return Completion(text, finish, Ngram.name, start, len(before) - start)

    def _score(self, prompt: Prompt, answer: Sequence[str]) -> float:
        before, total = _begun(prompt), 0.0
        for word in answer:
            total += math.log(self._counts.probability(before, word))
            before.append(word)
        return total


def _begun(prompt: Prompt) -> list[str]:
    return [*_spoken(prompt.messages)[0], "\0assistant"]
