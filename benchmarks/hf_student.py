"""What a step of the student `hf` costs, and how fast it answers, on this machine.

    python benchmarks/hf_student.py 0.5B 1B 3B [--update lora] [--steps 20] [--batch 16] [--micro 4]

Models have the shapes of well-known small ones and random weights, so nothing is downloaded: the
cost does not depend on what they say. Each row of the table is one size: seconds a step, tokens a
second and peak memory of training, then tokens a second of answering and answers a second whose
likelihood is scored. Times have neither loading nor the first steps in them.
"""

import argparse
import random
import resource
import string
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import transformers

from curate.api import Context, Job, Lesson, Message, Prompt
from curate.students.causal.lessons import Lessons
from curate.students.causal.pupil import Pupil, adapt, fresh
from curate.students.causal.talker import CausalTalker, Seen
from curate.students.causal.training import train
from curate.students.causal.turns import conversation, ending
from curate.students.hf import HF
from curate.students.tiny.tokens import END, TEMPLATE, byte_level

SIZES: dict[str, tuple[int, int, int, int, int, int]] = {
    "tiny": (64, 2, 4, 2, 128, 512),
    "0.5B": (896, 24, 14, 2, 4864, 151_936),
    "1B": (2048, 16, 32, 8, 8192, 128_256),
    "3B": (3072, 28, 24, 8, 8192, 128_256),
}
"""Width, layers, heads, heads of keys, width inside, vocabulary."""
PROMPTS, ANSWER = 64, 64


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="+", choices=SIZES)
    parser.add_argument("--update", choices=("lora", "full"), default="lora")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--micro", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--together", type=int, default=64)
    options = parser.parse_args()
    machine = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    print(
        f"{machine}, {options.update}, {options.dtype}, {options.batch} rows of {options.length} "
        f"tokens a step, {options.micro} in a pass, {options.together} prompts at once\n\n"
        "| model | s a step | tokens/s | peak GiB | answering, tokens/s | sampling | scores/s |\n"
        "|---|---|---|---|---|---|---|"
    )
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), size, options.length)
            row = measured(Path(folder), options)
        print(f"| {size} |", " | ".join(row), "|", flush=True)


def build(folder: Path, size: str, length: int) -> None:
    """Write a model of random weights and a tokeniser of bytes."""
    width, layers, heads, keys, inside, vocabulary = SIZES[size]
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_level().tokenizer, eos_token=END, chat_template=TEMPLATE
    ).save_pretrained(folder)
    config = transformers.LlamaConfig(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
        num_key_value_heads=keys, intermediate_size=inside, vocab_size=vocabulary,
        max_position_embeddings=length, tie_word_embeddings=True, dtype="bfloat16",
        bos_token_id=None, eos_token_id=0, pad_token_id=None,
    )  # fmt: skip
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        model = transformers.LlamaForCausalLM(config).to(torch.bfloat16)
    model.save_pretrained(folder)


def measured(folder: Path, options: argparse.Namespace) -> list[str]:
    names = ("update", "dtype", "batch", "micro", "length", "together")
    student = HF(base=str(folder), **{name: getattr(options, name) for name in names})
    job = Job("job", tuple(lessons(options.length)), 0)
    with student._opened(Context()) as loaded:
        end = ending(loaded)
        rows = Lessons(lambda each: conversation(loaded, end, each), loaded.longest).rows(job)
        if options.update == "lora":
            adapt(loaded, student.rank, student.alpha)
        pupil = Pupil(loaded, options.dtype)
        pupil.put(fresh(pupil.state(), 0, torch))

        def steps(count: int) -> None:
            most = options.micro * options.length
            train(pupil, rows, steps=count, size=options.batch, rate=1e-4, most=most)

        memory()  # the peak of loading is not of interest
        steps(2)
        taken = timed(lambda: steps(options.steps)) / options.steps
        peak = memory()
        seen = Seen(TEMPLATE, loaded.longest, options.dtype)
        state = pupil.state()
        talker = CausalTalker("job", pupil, state, 0, Context(), options.together, seen)
        talker.generate(prompts(0)[:1])
        made = PROMPTS * ANSWER
        greedy, warm = (
            timed(lambda heat=heat: talker.generate(prompts(heat))) for heat in (0.0, 1.0)
        )
        answers = ["x" * ANSWER] * PROMPTS
        scored = timed(lambda: talker.log_likelihood(prompts(0), answers))
    rates = [options.batch * options.length / taken, peak, made / greedy, made / warm]
    return [f"{taken:.3f}", *(f"{each:,.1f}" for each in rates), f"{PROMPTS / scored:,.0f}"]


def lessons(length: int) -> list[Lesson]:
    """Return lessons of a tenth to half a row, two thirds of each said by the assistant."""
    rng = random.Random(0)
    made = []
    for at in range(512):
        size = rng.randrange(length // 10, length // 2)
        text = "".join(rng.choices(string.ascii_lowercase + " ", k=size))
        asks, says = text[: size // 3], text[size // 3 :]
        made.append(Lesson(str(at), (Message("user", asks), Message("assistant", says))))
    return made


def prompts(temperature: float) -> list[Prompt]:
    return [
        Prompt((Message("user", f"{at:02} " + "what is it? " * 6),), ANSWER, temperature)
        for at in range(PROMPTS)
    ]


def timed(work: Any) -> float:
    wait()
    started = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - started


def wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def memory() -> float:
    """Return the GiB that were in use at most: of the GPU, or of this process."""
    if torch.cuda.is_available():
        peak = torch.cuda.max_memory_allocated() / 2**30
        torch.cuda.reset_peak_memory_stats()
        return float(peak)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    sys.exit(main())
