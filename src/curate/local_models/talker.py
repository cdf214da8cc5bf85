"""An open local model: what was answered before comes from the cache, the rest in batches."""

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from curate.answers.cache import Value, key
from curate.answers.failures import Refused
from curate.answers.prompts import plain, words
from curate.answers.recall import Recall
from curate.api import Completion, Context, Prompt
from curate.local_models.conversation import tokens
from curate.local_models.loading import Loaded
from curate.local_models.passes import Start, go_on, log_probabilities

TOKENS = 4096
"""Tokens in one pass that scores answers, at most, unless one text alone is longer: every token
costs memory for a number per word of the vocabulary."""

Asked = TypeVar("Asked")


class LocalTalker:
    """Talks to a model on this machine; any thread may call, one at a time is served.

    Args:
        loaded: The model; None in a replay, where nothing is asked.
        identity: What decides its answers, apart from the prompt.
        recall: What was answered before.
        ctx: The run's context; its seed keys the draws.
        batch: Prompts answered at once.
    """

    def __init__(
        self,
        loaded: Loaded | None,
        identity: Mapping[str, Any],
        recall: Recall,
        ctx: Context,
        batch: int,
    ) -> None:
        self.loaded, self.identity, self.recall = loaded, identity, recall
        self.ctx, self.batch = ctx, batch
        self._lock = threading.Lock()

    def generate(self, prompts: Sequence[Prompt]) -> list[Completion]:
        """Return one completion per prompt, in order.

        Raises:
            Refused: a prompt is longer than the model can see; the others were answered and kept.
        """
        questions = [(self._key(prompt, self._draw(prompt)), prompt, prompt) for prompt in prompts]
        return [Completion(**value) for value in self._answers(questions, self._complete)]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        """Return log P(answer | prompt) in nats for each pair, exact up to the model's precision.

        Raises:
            Refused: a pair is longer than the model can see; the others were scored and kept.
        """
        questions = [
            (self._key(prompt, {"answer": answer}), prompt, (prompt, answer))
            for prompt, answer in zip(prompts, answers, strict=True)
        ]
        return [value["log_likelihood"] for value in self._answers(questions, self._score)]

    def _key(self, prompt: Prompt, more: Mapping[str, Any]) -> str:
        return key({**self.identity, "messages": plain(prompt.messages), **more})

    def _draw(self, prompt: Prompt) -> dict[str, Any]:
        facts: dict[str, Any] = {"max_tokens": prompt.max_tokens, "sample": prompt.sample}
        if prompt.temperature > 0:
            facts |= {"temperature": prompt.temperature, "seed": self.ctx.seed}
        return facts

    def _answers(
        self,
        questions: Sequence[tuple[str, Prompt, Asked]],
        ask: Callable[[Loaded, Mapping[str, Asked]], dict[str, Value]],
    ) -> list[Value]:
        """Return what is known of each (key, prompt, what is asked), and ask for the rest."""
        named = {name: words(plain(prompt.messages)) for name, prompt, _ in questions}
        found = self.recall.known(named)
        missing = {name: asked for name, _, asked in questions if name not in found}
        if missing:
            assert self.loaded is not None  # noqa: S101  (in a replay nothing is missing)
            with self._lock:
                found |= self.recall.find(list(missing))  # while this thread waited
                rest = {name: asked for name, asked in missing.items() if name not in found}
                found |= ask(self.loaded, rest)
        return [found[name] for name, _, _ in questions]

    def _complete(self, loaded: Loaded, asked: Mapping[str, Prompt]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        refused = None
        rows = []
        for name, prompt in asked.items():
            start = self._start(loaded, name, prompt)
            room = loaded.longest - len(start.tokens)
            if room < 1:
                refused = refused or _too_long(loaded, len(start.tokens), prompt)
            else:
                rows.append((min(prompt.max_tokens, room), len(start.tokens), name, start))
        rows.sort(key=lambda row: row[:3])  # equal lengths together need the least padding
        for most, group in groupby(rows, key=lambda row: row[0]):
            several = list(group)
            for at in range(0, len(several), self.batch):
                batch = several[at : at + self.batch]
                made = go_on(loaded, [start for *_, start in batch], most)
                for (_, size, name, _), row in zip(batch, made, strict=True):
                    found[name] = self.recall.keep(name, self._value(loaded, row, size))
        if refused:
            raise refused
        return found

    def _start(self, loaded: Loaded, name: str, prompt: Prompt) -> Start:
        seed = self.ctx.rng("sampling", name).getrandbits(63)
        return Start(tokens(loaded, prompt.messages), prompt.temperature, seed)

    def _value(self, loaded: Loaded, row: list[int], tokens_in: int) -> Value:
        stopped = row[-1] in loaded.stops
        return {
            "text": loaded.tokenizer.decode(row, skip_special_tokens=True),
            "finish": "stop" if stopped else "length",
            "model": loaded.name,
            "tokens_in": tokens_in,
            "tokens_out": len(row),
        }

    def _score(self, loaded: Loaded, asked: Mapping[str, tuple[Prompt, str]]) -> dict[str, Value]:
        refused = None
        rows = []
        for name, (prompt, answer) in asked.items():
            begin = tokens(loaded, prompt.messages)
            whole = begin + loaded.tokenizer(answer, add_special_tokens=False).input_ids
            if len(whole) > loaded.longest:
                refused = refused or _too_long(loaded, len(whole), prompt)
            else:
                rows.append((len(whole), name, whole, len(begin)))
        rows.sort()
        found: dict[str, Value] = {}
        while rows:
            size = max(1, min(self.batch, TOKENS // rows[-1][0]))
            batch, rows = rows[-size:], rows[:-size]
            sums = log_probabilities(loaded, [(whole, begin) for *_, whole, begin in batch])
            for (_, name, *_), total in zip(batch, sums, strict=True):
                found[name] = self.recall.keep(name, {"log_likelihood": total})
        if refused:
            raise refused
        return found


def _too_long(loaded: Loaded, size: int, prompt: Prompt) -> Refused:
    named = words(plain(prompt.messages))
    return Refused(f"{size:,} tokens where {loaded.name} sees {loaded.longest:,}: {named}")
