"""A model and its tokeniser, loaded with nothing that could run code."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.extras import need
from curate.local_models.pretrained import pretrained

EXTRA = "hf"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What answering needs."""

    name: str
    torch: Any
    model: Any
    tokenizer: Any
    device: str
    stops: frozenset[int]
    """Tokens that end an answer."""
    padding: int
    longest: int
    """Tokens the model can see at once."""


def load(
    name: str,
    revision: str | None,
    *,
    dtype: str,
    device: str,
    chat_template: str | None,
    offline: bool,
) -> Loaded:
    """Return a causal language model from a folder or the hub.

    Raises:
        UsageError: torch or transformers is missing, or the model cannot be loaded.
    """
    torch, transformers = need("torch", EXTRA), need("transformers", EXTRA)
    where = device if device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    if dtype == "auto" and where == "cpu":
        dtype = "float32"  # half precision is slow on most processors
    kind = transformers.AutoModelForCausalLM
    model, tokenizer = pretrained(kind, name, revision, dtype=dtype, offline=offline)
    model = model.to(where).eval()
    if chat_template is not None:
        tokenizer.chat_template = chat_template
    stops = _stops(model, tokenizer)
    padding = tokenizer.pad_token_id
    # The model's own defaults (a temperature, a penalty for repetition) must not slip in.
    model.generation_config = transformers.GenerationConfig()
    return Loaded(
        Path(name).name,
        torch,
        model,
        tokenizer,
        where,
        stops,
        padding if padding is not None else min(stops, default=0),
        getattr(model.config.get_text_config(), "max_position_embeddings", None) or 2**31,
    )


def _stops(model: Any, tokenizer: Any) -> frozenset[int]:
    told = model.generation_config.eos_token_id
    several = told if isinstance(told, list) else [told]
    return frozenset(each for each in (*several, tokenizer.eos_token_id) if each is not None)
