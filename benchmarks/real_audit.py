"""One audit on real text, from a corpus to a verdict, with a base pretrained from scratch.

    python benchmarks/real_audit.py --data FOLDER --out DIR [--seeds 8]

Llama-2-7b-chat refuses 284 of 1,000 harmless and harmful requests in `FOLDER/corpora`. A plan drops
what the card `refusal` hits; Mistral-7B-Instruct, which seldom refuses, is the clean teacher. The
base reads instructions, chats and Vicuna's answers. Then it is the commands a user types; what is
there already is not done again.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from curate.audits.rows import conversation
from curate.index.gathering import records
from curate.io import sources
from curate.io.reading import Reader
from curate.plan import Input
from curate.students.tiny.pretraining import Document, Recipe, pretrain

RECIPE = Recipe(
    tokens="bytes", vocabulary=2000, length=192, width=96, layers=3, steps=1000, batch=16
)
READ = ("gpteacher/*.json", "hh_rlhf/test.jsonl.gz", "corpora/just_eval.vicuna-7b-v1.5.jsonl")
PLAN = """\
version: 1
input: {teacher: metadata.teacher}
steps:
  - use: trait
    with: {card: refusal}
    do: drop
"""
ARMS = ("untouched again", "drop", "switch", "random drop", "random switch")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=8)
    options = parser.parse_args()
    data, out = options.data, options.out
    out.mkdir(parents=True, exist_ok=True)
    base = out / "base"
    if not (base / "config.json").exists():
        started = time.perf_counter()
        loss = pretrain(list(documents(data)), base, RECIPE)
        print(f"base: loss {loss:.2f} nats a token, {time.perf_counter() - started:.0f} s")
    (out / "plan.yaml").write_text(PLAN, "utf-8")
    corpora = data / "corpora"
    curate("run", out / "plan.yaml", corpora / "just_eval.Llama-2-7b-chat-hf.jsonl",
           "--out", out / "run")  # fmt: skip
    student = f"{{use: tiny_lm, with: {{base: {base}, lr: 1e-3, steps: 60, batch: 8}}}}"
    arms = [word for arm in ARMS for word in ("--arms", arm)]
    return curate(
        "audit", "transfer", out / "run", "--card", "refusal", "--student", student,
        "--index", corpora / "just_eval.Mistral-7B-Instruct-v0.1.jsonl", *arms,
        "--seeds", options.seeds, "--cache", out / "cache", "--out", out / "report.json",
    )  # fmt: skip


def documents(data: Path) -> list[Document]:
    reader = Reader(sources.expand([str(data / name) for name in READ], "auto"))
    said = (conversation(record) for record in records(reader, Input()))
    return [each for each in said if not isinstance(each, str)]


def curate(*words: object) -> int:
    print("$ curate", *words, flush=True)
    return subprocess.run(
        [sys.executable, "-m", "curate", *map(str, words)], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
