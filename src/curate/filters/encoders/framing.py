"""What a model wants around the tokens of a text, and how many of them it can read."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from curate.errors import UsageError
from curate.filters.encoders.encoder import Encoder

USUAL = 512
"""Tokens a window has where a model says nothing of its limits."""


class Frame(NamedTuple):
    """Special tokens around a window, the token that pads, and the longest row."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    padding: int
    longest: int
    """Tokens the model can read at once, special ones included."""

    def room(self, window: int | None) -> int:
        """Return how many tokens of a text a window has.

        Raises:
            UsageError: a window of that many tokens is longer than the model can read, or leaves
                no room for text.
        """
        if window is not None and window > self.longest:
            raise UsageError(f"window: {window} is more than the model's {self.longest} tokens")
        room = (window or self.longest) - len(self.before) - len(self.after)
        if room < 1:
            raise UsageError(f"window: {window} leaves no room beside the special tokens")
        return room

    def around(self, tokens: Sequence[int]) -> list[int]:
        """Return a row: the tokens of a window between the special ones."""
        return [*self.before, *tokens, *self.after]


def frame(encoder: Encoder) -> Frame:
    """Ask a tokeniser for its special tokens and a model for its limits.

    Raises:
        UsageError: the tokeniser is not a fast one, cannot pad, or marks its special tokens as
            another segment, which windows do not do.
    """
    tokenizer = encoder.tokenizer
    if not tokenizer.is_fast:
        raise UsageError(f"{encoder.name}: needs a fast tokeniser (a tokenizer.json)")
    if tokenizer.pad_token_id is None:
        raise UsageError(f"{encoder.name}: its tokeniser has no padding token; set `pad_token`")
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    framed = backend.encode("a")
    if any(framed.type_ids):
        raise UsageError(f"{encoder.name}: tokens of several segments cannot be read in windows")
    special = framed.special_tokens_mask
    begin = special.index(0) if 0 in special else len(special)
    end = begin + special.count(0)
    return Frame(
        tuple(framed.ids[:begin]),
        tuple(framed.ids[end:]),
        tokenizer.pad_token_id,
        min(tokenizer.model_max_length, _positions(encoder.model)),
    )


def _positions(model: Any) -> int:
    """Return how many positions there are; those up to the padding's are lost (RoBERTa)."""
    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and hasattr(module, "num_embeddings"):
            padding = module.padding_idx
            return int(module.num_embeddings - (0 if padding is None else padding + 1))
    told = getattr(model.config, "max_position_embeddings", None)
    return told if isinstance(told, int) and told > 0 else USUAL
