"""A network in a folder, as transformers keeps it: safetensors and JSON, nothing that could run."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curate.errors import InputError
from curate.extras import need
from curate.students.tiny import tokens
from curate.students.tiny.network import ACTIVATIONS, EXTRA, Shape, Weights
from curate.students.tiny.tokens import TEMPLATE, Tokens

CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"
DECIDE = (CONFIG, WEIGHTS, TOKENIZER)
"""The files that decide what a network says."""


@dataclass(frozen=True)
class Checkpoint:
    """One network; its weights have no student dimension."""

    shape: Shape
    weights: Weights
    tokens: Tokens


def load(folder: Path) -> Checkpoint:
    """Read a GPT-2 whose tokens have the marks of a conversation.

    Raises:
        InputError: a file is missing or damaged, or it is another kind of network.
    """
    load_file = need("safetensors.torch", EXTRA).load_file
    try:
        shape = _shape(folder, json.loads((folder / CONFIG).read_text("utf-8")))
        found: Mapping[str, Any] = load_file(folder / WEIGHTS)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: no checkpoint can be read there: {error}") from None
    except need("safetensors", EXTRA).SafetensorError as error:
        raise InputError(f"{folder / WEIGHTS}: is damaged: {error}") from None
    prefix = "" if any(name.startswith("transformer.") for name in found) else "transformer."
    weights = {}
    for name, size in shape.sizes().items():
        given = found.get(name, found.get(name.removeprefix(prefix)))
        if given is None or tuple(given.shape) != size:
            told = "is missing" if given is None else f"has the shape {tuple(given.shape)}"
            raise InputError(f"{folder / WEIGHTS}: {name} {told}; expected {size}")
        weights[name] = given.float()
    read = tokens.read(folder / TOKENIZER)
    if len(read) > shape.vocabulary:
        raise InputError(
            f"{folder}: {len(read):,} tokens, and embeddings for {shape.vocabulary:,} of them"
        )
    return Checkpoint(shape, weights, read)


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write what `load` and transformers' `AutoModelForCausalLM` and `AutoTokenizer` read.

    The configuration comes last: a folder without it is not complete.
    """
    save_file = need("safetensors.torch", EXTRA).save_file
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).unlink(missing_ok=True)
    weights = {name: value.detach().contiguous() for name, value in checkpoint.weights.items()}
    save_file(weights, folder / WEIGHTS, {"format": "pt"})
    checkpoint.tokens.tokenizer.save(str(folder / TOKENIZER))
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": tokens.END,
            "pad_token": tokens.END,
            "unk_token": tokens.UNKNOWN,
            "chat_template": TEMPLATE,
            "clean_up_tokenization_spaces": False,
            "model_max_length": checkpoint.shape.length,
        },
    )
    _write(folder / CONFIG, _config(checkpoint))


def _write(file: Path, value: Mapping[str, Any]) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
    os.replace(part, file)


def _config(checkpoint: Checkpoint) -> dict[str, Any]:
    shape, end = checkpoint.shape, checkpoint.tokens.end
    return {
        "model_type": "gpt2",
        "architectures": ["GPT2LMHeadModel"],
        "vocab_size": shape.vocabulary,
        "n_positions": shape.length,
        "n_embd": shape.width,
        "n_layer": shape.layers,
        "n_head": shape.heads,
        "activation_function": shape.activation,
        "layer_norm_epsilon": shape.epsilon,
        "tie_word_embeddings": shape.tied,
        "resid_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "attn_pdrop": 0.0,
        "bos_token_id": None,
        "eos_token_id": end,
        "pad_token_id": end,
        "dtype": "float32",
    }


def _shape(folder: Path, config: Mapping[str, Any]) -> Shape:
    kind, activation = config.get("model_type"), config.get("activation_function", "gelu_new")
    if kind != "gpt2":
        raise InputError(f"{folder}: tiny_lm trains GPT-2 networks, and this is a {kind!r}")
    if activation not in ACTIVATIONS or config.get("n_inner") not in (None, 4 * config["n_embd"]):
        raise InputError(f"{folder}: a GPT-2 with {activation!r} of another width is not known")
    if config.get("scale_attn_by_inverse_layer_idx") or not config.get("scale_attn_weights", True):
        raise InputError(f"{folder}: a GPT-2 with another scale of attention is not known")
    try:
        return Shape(
            config["vocab_size"],
            config["n_positions"],
            config["n_embd"],
            config["n_layer"],
            config["n_head"],
            activation,
            config.get("layer_norm_epsilon", 1e-5),
            config.get("tie_word_embeddings", True),
        )
    except KeyError as error:
        raise InputError(f"{folder / CONFIG}: {error} is missing") from None
