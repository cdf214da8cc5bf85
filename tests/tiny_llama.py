"""A Llama of random weights, of a few words and some marks, made in a second."""

from collections.abc import Iterable
from pathlib import Path

import tokenizers
import torch
import transformers

WORDS = [
    "the", "a", "cat", "dog", "bird", "sat", "ran", "flew", "on", "under", "over", "mat", "tree",
    "sky", "red", "blue", "old", "new", ".",
]  # fmt: skip
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}> {{ m.content }} </s> {% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
LONGEST = 64


MARKS = ["<unk>", "</s>", "<system>", "<user>", "<assistant>"]


def tokenizer(words: Iterable[str]) -> transformers.PreTrainedTokenizerFast:
    """A tokeniser of marks and words, with a chat template."""
    vocabulary = {word: n for n, word in enumerate([*MARKS, *words])}
    model = tokenizers.models.WordLevel(vocabulary, unk_token="<unk>")
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        unk_token="<unk>",
        eos_token="</s>",
        additional_special_tokens=MARKS[2:],
    )
    fast.chat_template = TEMPLATE
    return fast


def config(vocabulary: int, **more: float) -> transformers.LlamaConfig:
    """The sizes of a Llama of two layers."""
    return transformers.LlamaConfig(
        vocab_size=vocabulary, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, max_position_embeddings=LONGEST, eos_token_id=1,
        bos_token_id=None, pad_token_id=None, **more,
    )  # fmt: skip


def save(folder: Path, **settings: float) -> Path:
    """Write the model, its tokeniser and its settings of generation into a folder."""
    tokenizer(WORDS).save_pretrained(folder)
    torch.manual_seed(7)
    sizes = config(len(MARKS) + len(WORDS), initializer_range=0.4)
    made = transformers.LlamaForCausalLM(sizes)
    made.generation_config = transformers.GenerationConfig(eos_token_id=1, **settings)
    made.save_pretrained(folder)
    return folder
