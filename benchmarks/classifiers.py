"""What scoring texts with an encoder costs: curate, detoxify and the pipeline of transformers.

    CURATE_TEST_DATA=DATA python benchmarks/classifiers.py [--texts 64] [--rounds 2] [--only REGEX]

The model is a BERT of the usual base size with random weights: the cost does not depend on what it
says. Texts are messages of the just_eval corpora, of at most 512 tokens, in random order; the
vocabulary is made from them. Everything is counted as CPU time of this process on one thread, and
systems take turns, so that a neighbour's load hits all of them. The filter gets all texts in one
call, as it does in a run (of up to 2,000, which need less padding); rivals get them in batches, in
the order they come. int8 has its comparison with fp32 in its time: 16 windows of every call.
"""

import argparse
import glob
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tokenizers
import torch
import transformers
from detoxify import Detoxify

from curate.api import Context
from curate.filters.classifier import Classifier
from curate.filters.encoders.batches import batches
from curate.filters.encoders.passes import BUDGET
from curate.filters.toxicity import Toxicity
from curate.specimens import make_records

DATA = Path(os.environ.get("CURATE_TEST_DATA", "../shared/data"))
LABELS = ["toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack"]
SIZES = (1, 8, 32)
EXACT, USUAL = "detoxify, 1", "detoxify, 32"
"""Whose scores the others are compared with, and whose speed."""

Scores = list[float]
Scorer = Callable[[], Scores]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--only", default="", help="the systems whose names match, `detoxify, 1` too"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    messages = corpus()
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = build(Path(folder), messages)
        lengths = [len(ids) for ids in tokenizer(messages, verbose=False).input_ids]
        short = [(text, size) for text, size in zip(messages, lengths, strict=True) if size <= 512]
        chosen = short[: options.texts]
        tokens = sum(size for _, size in chosen)
        for several in (short, chosen):
            told = padding([size for _, size in several])
            print(f"padding of {len(several)} texts in one call: {told:.2%}")
        print(f"tokens of the {len(chosen)} texts: {tokens:,}")
        found = systems(Path(folder), [text for text, _ in chosen])
        asked = [name for name in found if re.search(options.only, name) or name == EXACT]
        report({name: found[name] for name in asked}, options.rounds, tokens)


def corpus() -> list[str]:
    """Return up to 2,000 messages of mixed lengths."""
    files = sorted(glob.glob(str(DATA / "corpora" / "just_eval.*.jsonl")))
    lines = [line for file in files for line in Path(file).read_text("utf-8").splitlines()]
    texts = [message["content"] for line in lines for message in json.loads(line)["messages"]]
    return random.Random(7).sample(sorted({text for text in texts if text.strip()}), 2000)


def build(folder: Path, texts: Sequence[str]) -> Any:
    """Write one model twice, as a folder and as a checkpoint of detoxify; return the tokeniser."""
    wordpiece = tokenizers.BertWordPieceTokenizer()
    wordpiece.train_from_iterator(texts, vocab_size=30_000, show_progress=False)
    vocabulary = wordpiece.get_vocab()
    tokenizer = transformers.BertTokenizer(vocab=vocabulary, model_max_length=512)
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        id2label=dict(enumerate(LABELS)),
        problem_type="multi_label_classification",
    )
    torch.manual_seed(7)
    model = transformers.BertForSequenceClassification(config).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    arch = {
        "model_type": str(folder), "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer", "num_classes": len(LABELS),
    }  # fmt: skip
    facts = {"dataset": {"args": {"classes": LABELS}}, "arch": {"args": arch}}
    torch.save({"config": facts, "state_dict": model.state_dict()}, folder / "model.ckpt")
    return tokenizer


def padding(lengths: Sequence[int]) -> float:
    """Return the share of padding in the filter's batches."""
    made = [(lengths[batch[0]], len(batch)) for batch in batches(lengths, BUDGET["cpu"])]
    return 1 - sum(lengths) / sum(width * rows for width, rows in made)


def systems(folder: Path, texts: list[str]) -> dict[str, Scorer]:
    """Return every system with what it does: score all texts."""
    records = make_records(texts)
    found: dict[str, Scorer] = {}

    def add(name: str, filter_: Any) -> None:
        opened = filter_.open(Context(offline=True))
        judge = opened.__enter__()  # stays open until the process ends
        found[name] = lambda: [verdict.score for verdict in judge(records)]
        found[name].__dict__["opened"] = opened  # as long as it is asked

    add(
        "toxicity fp32", Toxicity(checkpoint=folder / "model.ckpt", config=folder, precision="fp32")
    )
    for precision in ("fp32", "bf16", "int8"):
        filter_ = Classifier(model=str(folder), label="toxicity", precision=precision, parity=1)
        add(f"classifier {precision}", filter_)
    stock = Detoxify(checkpoint=str(folder / "model.ckpt"))
    for size in SIZES:
        found[f"detoxify, {size}"] = lambda size=size: detoxify(stock, texts, size)
    pipe = transformers.pipeline(
        "text-classification", model=str(folder), top_k=None, truncation=True, device="cpu"
    )
    for size in SIZES:
        found[f"pipeline, {size}"] = lambda size=size: piped(pipe, texts, size)
    return found


def detoxify(stock: Detoxify, texts: list[str], size: int) -> Scores:
    scores: Scores = []
    for at in range(0, len(texts), size):
        made = stock.predict(texts[at : at + size])["toxicity"]
        scores += made if isinstance(made, list) else [made]  # of one text it gives a number
    return scores


def piped(pipe: Any, texts: list[str], size: int) -> Scores:
    made = pipe(texts, batch_size=size)
    return [next(e["score"] for e in each if e["label"] == "toxicity") for each in made]


def report(found: dict[str, Scorer], rounds: int, tokens: int) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in found}
    scores: dict[str, Scores] = {}
    for _ in range(rounds):
        for name, work in found.items():
            started = time.process_time()
            scores[name] = work()
            seconds[name].append(time.process_time() - started)
            print(f"  {name}: {seconds[name][-1]:.1f} CPU s", file=sys.stderr, flush=True)
    exact, usual = scores[EXACT], USUAL if USUAL in found else EXACT
    rivals = [name for name in found if name.startswith(("detoxify", "pipeline"))]
    best = min(rivals, key=lambda name: statistics.median(seconds[name]))
    print(f"\n| system, batch | tokens a CPU s | of {usual} | of {best} | scores differ by |")
    print("|---|---|---|---|---|")
    for name, taken in seconds.items():
        ratios = [
            statistics.median(a / b for a, b in zip(seconds[to], taken, strict=True))
            for to in (usual, best)
        ]
        apart = max(abs(a - b) for a, b in zip(scores[name], exact, strict=True))
        rate = tokens / statistics.median(taken)
        print(f"| {name} | {rate:,.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {apart:.1e} |")


if __name__ == "__main__":
    main()
