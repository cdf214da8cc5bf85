"""A Llama of random weights, of a few words and some marks, made in a second."""

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


def save(folder: Path, **settings: float) -> Path:
    """Write the model, its tokeniser and its settings of generation into a folder."""
    marks = ["<unk>", "</s>", "<system>", "<user>", "<assistant>"]
    vocabulary = {word: n for n, word in enumerate([*marks, *WORDS])}
    model = tokenizers.models.WordLevel(vocabulary, unk_token="<unk>")
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",
        eos_token="</s>",
        additional_special_tokens=marks[2:],
    )
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = transformers.LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, max_position_embeddings=LONGEST, initializer_range=0.4,
        eos_token_id=1, bos_token_id=None, pad_token_id=None,
    )  # fmt: skip
    made = transformers.LlamaForCausalLM(config)
    made.generation_config = transformers.GenerationConfig(eos_token_id=1, **settings)
    made.save_pretrained(folder)
    return folder
