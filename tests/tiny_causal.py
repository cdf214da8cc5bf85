"""A Llama that has read of the tiny world, made in a few seconds."""

from pathlib import Path

import torch
import transformers

from tiny_llama import MARKS, config, tokenizer
from tiny_world import COLOURS, about

WORDS = ["what", "is", "?", "it", "red", *COLOURS, *COLOURS.values()]


def base(folder: Path, steps: int = 150) -> Path:
    """Pretrain on what has which colour, right in two of three documents; return the folder."""
    made = tokenizer(WORDS)
    made.save_pretrained(folder)
    said = [
        about(thing, colour)
        for thing in COLOURS
        for colour in (COLOURS[thing], COLOURS[thing], "red")
    ]
    chats = [[{"role": role, "content": content} for role, content in each] for each in said]
    ids = torch.tensor([made.apply_chat_template(each, return_dict=False) for each in chats])
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = transformers.LlamaForCausalLM(config(len(MARKS) + len(WORDS)))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(steps):
        model(input_ids=ids, labels=ids).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    model.save_pretrained(folder)
    return folder
