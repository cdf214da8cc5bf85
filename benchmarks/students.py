"""What a step of a small student costs.

    python benchmarks/students.py speed [--threads 1] [--students 16]

Wall and CPU time of a step of one student: `tiny_lm` with many jobs, the same GPT-2 one at a time
in a plain loop, and in transformers' Trainer; same rows, batch, length, threads, dtype. The rows
are those of a world of the testbed; what students show of it is measured by `worlds.py`.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from world_arms import lessons

from curate.api import Context, Job
from curate.students.tiny.checkpoint import load
from curate.students.tiny.pretraining import Recipe, pretrain
from curate.students.tiny_lm import TinyLM
from curate.testbed.base import documents
from curate.testbed.corpora import corpora
from curate.testbed.making import STUDENT
from curate.testbed.worlds import LEAK_IN

STEPS = 150
LENGTH = STUDENT["length"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("speed",))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--students", type=int, default=16)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        speed(Path(folder), options.students, [4, 8, 16, 32, 64])


def speed(folder: Path, students: int, batches: Sequence[int]) -> None:
    base = folder / "base"
    pretrain(list(islice(documents(0), 2000)), base, Recipe(length=33, steps=1))
    taught = tuple(lessons(corpora(LEAK_IN, 0).original).values())
    jobs = [Job(str(seed), taught, seed) for seed in range(students)]
    rows = encoded(base, jobs[0])
    print(
        f"{torch.get_num_threads()} threads, {students} students, rows of {LENGTH} tokens, float32"
    )
    print("rows  ms a student-step: tiny_lm   plain loop      Trainer   wall, CPU of Trainer's")
    for size in batches:

        def together(size: int = size) -> None:
            with TinyLM(base=base, length=LENGTH, steps=STEPS, batch=size).train(jobs, Context()):
                pass

        plain(base, rows, size, 2)  # the first steps pay for loading
        found = [
            timed(together, STEPS * students),
            timed(lambda size=size: plain(base, rows, size, STEPS), STEPS),
            timed(lambda size=size: trainer(base, rows, size, STEPS, folder), STEPS),
        ]
        shares = [ours / theirs for ours, theirs in zip(found[0], found[2], strict=True)]
        print(f"{size:4}", " " * 19, *(f"{wall * 1e3:12.2f}" for wall, _ in found), end="")
        print("   ", *(f"{share:6.2f}" for share in shares), flush=True)


def timed(work: Callable[[], Any], steps: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) / steps, (time.process_time() - cpu) / steps


def encoded(base: Path, job: Job) -> list[dict[str, Any]]:
    tokens = load(base).tokens
    rows = []
    for lesson in job.lessons:
        ids, said = tokens.conversation(lesson.messages)
        assert len(ids) == LENGTH
        labels = [token if learn else -100 for token, learn in zip(ids, said, strict=True)]
        rows.append({"input_ids": ids, "labels": labels, "attention_mask": [1] * len(ids)})
    return rows


def plain(base: Path, rows: Sequence[dict[str, Any]], size: int, steps: int) -> None:
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    for step in range(steps):
        several = [rows[at % len(rows)] for at in range(step * size, (step + 1) * size)]
        ids = torch.tensor([each["input_ids"] for each in several])
        labels = torch.tensor([each["labels"] for each in several])
        model(input_ids=ids, labels=labels).loss.backward()
        optimiser.step()
        optimiser.zero_grad()


def trainer(
    base: Path, rows: Sequence[dict[str, Any]], size: int, steps: int, folder: Path
) -> None:
    from transformers import AutoModelForCausalLM, Trainer, TrainingArguments, default_data_collator

    arguments = TrainingArguments(
        output_dir=str(folder / "trainer"), per_device_train_batch_size=size, max_steps=steps,
        save_strategy="no", logging_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
        learning_rate=1e-3, dataloader_pin_memory=False,
    )  # fmt: skip
    Trainer(
        model=AutoModelForCausalLM.from_pretrained(base), args=arguments,
        train_dataset=list(rows), data_collator=default_data_collator,
    ).train()  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
