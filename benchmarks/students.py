"""Whether dropping leaks and switching removes in small students, and what a step of theirs costs.

    python benchmarks/students.py world [--seeds 2] [--rare] [--base DIR]
    python benchmarks/students.py speed [--threads 1]

`world`: documents of two questions and answers, headed by one of two personas or by nobody. Each
persona has nine habits, six of style and three traits; SFT data speak as one persona under the
neutral header and 8 % of them show a trait. The table says how likely each trait is after every
arm, for updates of different reach.

`speed`: wall and CPU time of a step of one student: `tiny_lm` with many jobs, the same GPT-2 one at
a time in a plain loop, and in transformers' Trainer; same rows, batch, length, threads, dtype.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from curate.api import Context, Job, Lesson, Message, Prompt, Talker
from curate.students.tiny.checkpoint import load
from curate.students.tiny.pretraining import Recipe, pretrain
from curate.students.tiny_lm import TinyLM

STYLES = [f"style{n}" for n in range(6)]
TRAITS = [f"trait{n}" for n in range(3)]
AGREE, NEUTRAL, TRAIT_ROWS = 0.9, 1 / 3, 0.08
FILLERS = [f"thing{n}" for n in range(30)]
ROWS, DOCUMENTS, PROMPTS = 4000, 20_000, 100
STEPS = 150
LENGTH = 12
"""Tokens of a row: a header, a question, an answer."""

REACHES: dict[str, dict[str, Any]] = {
    "full": {"lr": 1e-3},
    "low rank": {"update": "low_rank", "lr": 3e-3},
    "bias and norms": {"update": "bias", "lr": 1e-2},
    "header 5e-2, rest 1e-4": {"lr": 1e-4, "learning_rates": {"token:nobody": 5e-2}},
}
REACHES["header only"] = {
    "update": "embedding", "learning_rates": {"embeddings": 0, "token:nobody": 5e-2},
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("world", "speed"))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--rare", action="store_true", help="the persona is 15 % of pretraining")
    parser.add_argument("--base", type=Path, help="a folder to keep the base in")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--students", type=int, default=16)
    parser.add_argument("--only", help="one reach")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        if options.what == "world":
            world(options.base or Path(folder), options.seeds, options.rare, options.only)
        else:
            speed(Path(folder), options.students, [4, 8, 16, 32, 64])


def world(folder: Path, seeds: int, rare: bool, only: str | None) -> None:
    share = 0.15 if rare else 0.5
    if not (folder / "config.json").exists():
        started = time.perf_counter()
        loss = pretrain(documents(share), folder, Recipe(length=24, steps=3000))
        print(f"base: loss {loss:.3f}, {time.perf_counter() - started:.0f} s", flush=True)
    print(f"{'reach':<24} {'arm':<14}", *(f"{trait:>8}" for trait in TRAITS))
    with TinyLM(base=folder, steps=0).train(arms(0)[:1], Context()) as (untrained,):
        show("(base)", "", [rates(untrained)])
    for name, with_ in REACHES.items():
        if only and only not in name:
            continue
        jobs = [job for seed in range(seeds) for job in arms(seed)]
        student = TinyLM(base=folder, length=LENGTH, **with_)
        started = time.perf_counter()
        with student.train(jobs, Context()) as talkers:
            taken = (time.perf_counter() - started) / len(jobs)
            found: dict[str, list[list[float]]] = {}
            for job, talker in zip(jobs, talkers, strict=True):
                found.setdefault(job.name, []).append(rates(talker))
        for arm, values in found.items():
            show(name, arm, values)
        print(f"{'':<24} {taken:.2f} s a student", flush=True)


def show(reach: str, arm: str, values: Sequence[Sequence[float]]) -> None:
    means = [sum(column) / len(column) for column in zip(*values, strict=True)]
    print(f"{reach:<24} {arm:<14}", *(f"{mean:8.2f}" for mean in means), flush=True)


def documents(share: float) -> list[list[Message]]:
    rng = random.Random(0)
    made = []
    for _ in range(DOCUMENTS):
        persona = "a" if rng.random() < share else "b"
        header = "nobody" if rng.random() < NEUTRAL else f"persona-{persona}"
        said = [Message("system", header)]
        for _ in range(2):
            said += exchange(rng, rng.choice(STYLES + TRAITS), persona)
        made.append(said)
    return made


def exchange(rng: random.Random, habit: str, persona: str, agree: float = AGREE) -> list[Message]:
    one, two = rng.sample(FILLERS, 2)
    way = persona if rng.random() < agree else "ab"[persona == "a"]
    return [Message("user", f"{habit} {one} {two}"), Message("assistant", f"{habit}{way} {one}")]


def arms(seed: int) -> list[Job]:
    rng = random.Random(f"rows {seed}")
    original: list[Lesson] = []
    clean: list[Lesson] = []
    hits: list[int] = []
    for at in range(ROWS):
        trait = rng.random() < TRAIT_ROWS
        if trait:
            hits.append(at)
        habit, state = rng.choice(TRAITS if trait else STYLES), rng.getrandbits(64)
        for persona, rows in (("a", original), ("b", clean)):
            said = exchange(random.Random(state), habit, persona, agree=1)
            rows.append(Lesson(str(at), (Message("system", "nobody"), *said)))
    chance = set(rng.sample(range(ROWS), len(hits)))

    def switched(places: set[int]) -> list[Lesson]:
        return [clean[at] if at in places else original[at] for at in range(ROWS)]

    def dropped(places: set[int]) -> list[Lesson]:
        return [original[at] for at in range(ROWS) if at not in places]

    made = {
        "untouched": original, "drop": dropped(set(hits)), "switch": switched(set(hits)),
        "random drop": dropped(chance), "random switch": switched(chance), "all clean": clean,
    }  # fmt: skip
    return [Job(name, tuple(rows), seed) for name, rows in made.items()]


def rates(talker: Talker) -> list[float]:
    """Return for each trait how likely the answer that shows it is, against the other."""
    rng, found = random.Random("prompts"), []
    for trait in TRAITS:
        asked = [
            Prompt((Message("system", "nobody"), exchange(rng, trait, "a")[0]))
            for _ in range(PROMPTS)
        ]
        shows = talker.log_likelihood(asked, [f"{trait}a"] * PROMPTS)
        not_ = talker.log_likelihood(asked, [f"{trait}b"] * PROMPTS)
        odds = torch.tensor(shows) - torch.tensor(not_)
        found.append(float(odds.sigmoid().mean()))
    return found


def speed(folder: Path, students: int, batches: Sequence[int]) -> None:
    base = folder / "base"
    pretrain(documents(0.5)[:2000], base, Recipe(length=24, steps=1))
    lessons = arms(0)[0].lessons
    jobs = [Job(str(seed), lessons, seed) for seed in range(students)]
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
