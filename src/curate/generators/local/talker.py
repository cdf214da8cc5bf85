"""An open local model: answers in batches, sorted by length."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from curate.answers.cache import Value, key
from curate.answers.failures import Refused
from curate.answers.prompts import plain, words
from curate.answers.recall import Recall
from curate.api import Completion, Context, Message, Prompt
from curate.errors import UsageError
from curate.generators.local.loading import Loaded
from curate.generators.local.sampling import KeyedNoise

TOKENS = 4096
"""Tokens in one pass that scores answers, at most, unless one text alone is longer: every token
costs memory for a number per word of the vocabulary."""


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
        keys = [self._key(prompt, self._draw(prompt)) for prompt in prompts]
        asked = dict(zip(keys, prompts, strict=True))
        found = self._known(asked)
        missing = [(name, prompt) for name, prompt in asked.items() if name not in found]
        if missing:
            found |= self._complete(missing)
        return [Completion(**found[name]) for name in keys]

    def log_likelihood(self, prompts: Sequence[Prompt], answers: Sequence[str]) -> list[float]:
        """Return log P(answer | prompt) in nats for each pair, exact up to the model's precision.

        Raises:
            Refused: a pair is longer than the model can see.
        """
        pairs = list(zip(prompts, answers, strict=True))
        keys = [self._key(prompt, {"answer": answer}) for prompt, answer in pairs]
        asked = dict(zip(keys, pairs, strict=True))
        found = self._known({name: prompt for name, (prompt, _) in asked.items()})
        missing = [(name, *pair) for name, pair in asked.items() if name not in found]
        if missing:
            found |= self._score(missing)
        return [found[name]["log_likelihood"] for name in keys]

    def _key(self, prompt: Prompt, more: Mapping[str, Any]) -> str:
        return key({**self.identity, "messages": plain(prompt.messages), **more})

    def _draw(self, prompt: Prompt) -> dict[str, Any]:
        facts: dict[str, Any] = {"max_tokens": prompt.max_tokens, "sample": prompt.sample}
        if prompt.temperature > 0:
            facts |= {"temperature": prompt.temperature, "seed": self.ctx.seed}
        return facts

    def _known(self, prompts: Mapping[str, Prompt]) -> dict[str, Value]:
        named = {name: words(plain(prompt.messages)) for name, prompt in prompts.items()}
        return self.recall.known(named)

    # --- asking the model ---------------------------------------------------------------------

    def _complete(self, asked: Sequence[tuple[str, Prompt]]) -> dict[str, Value]:
        model = self._model()
        rows = [(name, prompt, self._ids(prompt.messages)) for name, prompt in asked]
        fitting = [row for row in rows if len(row[2]) < model.longest]
        fitting.sort(key=lambda row: (row[1].max_tokens, len(row[2])))
        found: dict[str, Value] = {}
        for at in range(0, len(fitting), self.batch):
            batch = fitting[at : at + self.batch]
            with self._lock:
                values = self._generate(model, batch)
            for (name, _, _), value in zip(batch, values, strict=True):
                found[name] = self.recall.keep(name, value)
        if len(fitting) < len(rows):
            longest = max(rows, key=lambda row: len(row[2]))
            raise self._too_long(len(longest[2]), longest[1])
        return found

    def _generate(
        self, model: Loaded, batch: Sequence[tuple[str, Prompt, list[int]]]
    ) -> Iterator[Value]:
        """Yield what the cache keeps of each answer."""
        width = max(len(ids) for _, _, ids in batch)
        limit = max(prompt.max_tokens for _, prompt, _ in batch)
        padded = [[model.padding] * (width - len(ids)) + ids for _, _, ids in batch]
        mask = [[0] * (width - len(ids)) + [1] * len(ids) for _, _, ids in batch]
        noise = KeyedNoise(
            model.torch,
            [self.ctx.rng("sampling", name).getrandbits(63) for name, _, _ in batch],
            [prompt.temperature for _, prompt, _ in batch],
        )
        with model.torch.inference_mode():
            made = model.model.generate(
                input_ids=model.torch.tensor(padded, device=model.device),
                attention_mask=model.torch.tensor(mask, device=model.device),
                max_new_tokens=max(1, min(limit, model.longest - width)),
                do_sample=False,
                logits_processor=[noise],
                eos_token_id=sorted(model.stops) or None,
                pad_token_id=model.padding,
            )
        for (_, prompt, ids), row in zip(batch, made[:, width:].tolist(), strict=True):
            yield self._value(model, row[: prompt.max_tokens], len(ids))

    def _value(self, model: Loaded, row: list[int], tokens_in: int) -> Value:
        end = next((n for n, token in enumerate(row) if token in model.stops), None)
        text = model.tokenizer.decode(row[:end], skip_special_tokens=True)
        return {
            "text": text,
            "finish": "length" if end is None else "stop",
            "model": str(self.identity["model"]),
            "tokens_in": tokens_in,
            "tokens_out": len(row) if end is None else end + 1,
        }

    def _score(self, asked: Sequence[tuple[str, Prompt, str]]) -> dict[str, Value]:
        model = self._model()
        rows = []
        for name, prompt, answer in asked:
            ids = self._ids(prompt.messages)
            said = model.tokenizer(answer, add_special_tokens=False)["input_ids"]
            if len(ids) + len(said) > model.longest:
                raise self._too_long(len(ids) + len(said), prompt)
            rows.append((name, ids + said, len(ids)))
        rows.sort(key=lambda row: len(row[1]))
        found: dict[str, Value] = {}
        while rows:
            size = max(1, min(self.batch, TOKENS // max(1, len(rows[-1][1]))))
            batch, rows = rows[-size:], rows[:-size]
            with self._lock:
                sums = self._sums(model, [(ids, begin) for _, ids, begin in batch])
            for (name, _, _), total in zip(batch, sums, strict=True):
                found[name] = self.recall.keep(name, {"log_likelihood": total})
        return found

    def _sums(self, model: Loaded, batch: Sequence[tuple[list[int], int]]) -> list[float]:
        """Return for each row the summed log-probability of its tokens from `begin` on."""
        torch, width = model.torch, max(len(ids) for ids, _ in batch)
        padded = [ids + [model.padding] * (width - len(ids)) for ids, _ in batch]
        mask = [[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in batch]
        tokens = torch.tensor(padded, device=model.device)
        with torch.inference_mode():
            logits = model.model(
                input_ids=tokens, attention_mask=torch.tensor(mask, device=model.device)
            ).logits
            return [
                float(
                    logits[row, begin - 1 : len(ids) - 1]
                    .double()
                    .log_softmax(-1)
                    .gather(1, tokens[row, begin : len(ids)].unsqueeze(1))
                    .sum()
                )
                for row, (ids, begin) in enumerate(batch)
            ]

    def _model(self) -> Loaded:
        assert self.loaded is not None  # noqa: S101  (in a replay nothing is missing)
        return self.loaded

    def _ids(self, messages: Sequence[Message]) -> list[int]:
        """Return the tokens of a conversation, up to where the model begins to speak."""
        model = self._model()
        if model.tokenizer.chat_template is None:
            if len(messages) != 1:
                raise UsageError(
                    f"{self.identity['model']} has no chat template, so it continues one text and "
                    "takes no conversation; give the generator a `chat_template:`"
                )
            ids: list[int] = model.tokenizer(messages[0].content)["input_ids"]
        else:
            text = self._written(model, messages)
            ids = model.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids or [model.padding]  # something to continue

    def _written(self, model: Loaded, messages: Sequence[Message]) -> str:
        try:
            text: str = model.tokenizer.apply_chat_template(
                plain(messages), tokenize=False, add_generation_prompt=True
            )
        except Exception as error:  # whatever the model's template raises
            raise UsageError(
                f"the chat template of {self.identity['model']} refuses a conversation of "
                f"{', '.join(role for role, _ in messages)}: {error}"
            ) from error
        return text

    def _too_long(self, tokens: int, prompt: Prompt) -> Refused:
        longest = self._model().longest
        return Refused(
            f"{tokens:,} tokens where the model can see {longest:,}: "
            f"{words(plain(prompt.messages))}"
        )
