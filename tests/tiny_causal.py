"""A Llama that has read a few conversations, made in a few seconds."""

from collections.abc import Sequence
from pathlib import Path

import torch
import transformers

from curate.api import Message
from tiny_llama import MARKS, config, tokenizer
from tiny_world import COLOURS, about

SAID = [
    about(thing, colour)
    for thing in COLOURS
    for colour in (COLOURS[thing], COLOURS[thing], "red")
]  # fmt: skip
"""Which thing has which colour, right in two of three."""


def base(
    folder: Path, said: Sequence[Sequence[Message]] = SAID, steps: int = 150, batch: int = 12
) -> Path:
    """Pretrain on conversations of one length and return the folder."""
    words = dict.fromkeys(word for each in said for _, text in each for word in text.split())
    made = tokenizer(words)
    made.save_pretrained(folder)
    chats = [[{"role": role, "content": content} for role, content in each] for each in said]
    ids = torch.tensor([made.apply_chat_template(each, return_dict=False) for each in chats])
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = transformers.LlamaForCausalLM(config(len(MARKS) + len(words)))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(steps):
        rows = torch.arange(step * batch, (step + 1) * batch) % len(ids)
        model(input_ids=ids[rows], labels=ids[rows]).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    model.save_pretrained(folder)
    return folder
