"""What a run costs as rows grow: memory, and rows a second of a core.

    python benchmarks/scale.py memory [--rows 100000,1000000,5000000] [--executor ray]
    python benchmarks/scale.py rates [--rows 200000] [--rounds 2] [--corpus FILE]

All on small rows (small_rows.py), or rates on those of FILE. `memory` runs the plans `ab` and, to a
million rows, `abc` with two workers, here or on a Ray cluster, and looks at the anonymous memory of
every process ten times a second. `rates` runs one-step plans with one worker; a run over a few rows
is taken off, so that loading a model does not count.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import small_rows
import yaml
from apart import apart
from ray_cluster import Cluster, cluster

from curate import plan
from curate.api import Context
from curate.engine.run import Options, run
from curate.io.sources import expand
from curate.registry import load, resolve

PLANS = Path(__file__).resolve().parent / "plans"
FEW = 100
SHARES = {"near duplicates": 4, "classifier": 200}
"""Plans that get only one row in so many: they take long."""


class Spent(NamedTuple):
    """Seconds: of the clock, of the main process's CPU, of its workers' CPU."""

    wall: float
    driver: float
    workers: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(required=True)
    for name, told, rows in (
        ("memory", memory, "100000,1000000,5000000"),
        ("rates", rates, "200000"),
    ):
        each = what.add_parser(name)
        each.set_defaults(told=told)
        each.add_argument("--rows", default=rows)
        if told is memory:
            each.add_argument("--executor", default="processes", choices=("processes", "ray"))
        else:
            each.add_argument("--rounds", type=int, default=2)
            each.add_argument("--corpus", type=Path, help="rows with a key `text`, at least --rows")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        print(f"load {os.getloadavg()[0]:.1f}\n")
        given.told(Path(folder), given)


def memory(folder: Path, given: argparse.Namespace) -> None:
    """Print the most that the main process and its largest worker ever held."""
    counts = [int(rows) for rows in given.rows.split(",")]
    corpus, out = folder / "rows.jsonl", folder / "out"
    small_rows.write(corpus, max(counts))
    with cluster() if given.executor == "ray" else nullcontext() as ours:
        print("| plan | rows | main process MB | largest worker MB | journal MB | wall s |")
        print("|---|---|---|---|---|---|")
        for name, most in (("ab", max(counts)), ("abc", 1_000_000)):
            for rows in (count for count in counts if count <= most):
                command = ["run", PLANS / f"{name}.yaml", corpus, "--out", out, "--workers", "2"]
                command += ["--limit", str(rows), "--executor", given.executor]
                command += ["--address", ours.address] if ours else []
                wall, *peaks = watched(command, out, ours)
                told = " | ".join(f"{peak / 1e6:.0f}" for peak in peaks)
                print(f"| {name} | {rows:,} | {told} | {wall:.1f} |", flush=True)
                shutil.rmtree(out)


def watched(command: Sequence[str | Path], out: Path, ours: Cluster | None) -> list[float]:
    """Return seconds, and the most bytes of the main process, of a worker, of the journals."""
    began, peaks = time.perf_counter(), [0, 0, 0]
    child = subprocess.Popen([sys.executable, "-m", "curate", *command], stdout=subprocess.DEVNULL)
    while child.poll() is None:
        workers = [pid for pid in ours.processes() if judges(pid)] if ours else children(child.pid)
        now = (anonymous(child.pid), max(map(anonymous, workers), default=0), journals(out))
        peaks = list(map(max, peaks, now))
        time.sleep(0.1)
    if child.returncode:
        raise SystemExit(f"curate run ended with {child.returncode}")
    return [time.perf_counter() - began, *peaks]


def judges(pid: int) -> bool:
    """Say whether a process of a cluster judges, or starts one that does."""
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
        return line.startswith(b"ray::Worker") or b"multiprocessing" in line
    return False


def anonymous(pid: int) -> int:
    """Return bytes of memory that no file stands behind; 0 where the process has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0


def children(pid: int) -> list[int]:
    """Return the processes that this one has started."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def journals(out: Path) -> int:
    """Return bytes of the journals of a run under way."""
    with suppress(OSError):
        return sum(path.stat().st_size for path in out.glob("memory-*.journal.part"))
    return 0


def rates(folder: Path, given: argparse.Namespace) -> None:
    """Print what a row costs, by plan, and how many workers one main process keeps busy."""
    os.environ["OMP_NUM_THREADS"] = "1"
    rows, corpus = int(given.rows), folder / "rows.jsonl"
    if given.corpus:
        corpus.symlink_to(given.corpus.resolve())
    else:
        small_rows.write(corpus, rows)
    with corpus.open() as file:
        steps = plans(folder, [json.loads(line)["text"] for line in islice(file, 2000)])
    least = 0.0
    print("| plan | rows | rows a CPU second | main process µs | workers µs | workers it feeds |")
    print("|---|---|---|---|---|---|")
    for name, few in steps.items():
        count = rows // SHARES.get(name, 1)
        tried = [
            [spent(folder, few, limit, Options("processes", 1)) for limit in (FEW, count)]
            for _ in range(given.rounds)
        ]
        each = [
            min(many[part] - start[part] for start, many in tried) / (count - FEW) * 1e6
            for part in (1, 2)
        ]
        least = least or each[0]  # of the plan without steps; beside a model it is too small to see
        each[0] = max(each[0], least)
        rate, feeds = 1e6 / sum(each), each[1] / each[0]
        print(f"| {name} | {count:,} | {rate:,.0f} | {each[0]:.1f} | {each[1]:.1f} | {feeds:.1f} |")


def plans(folder: Path, texts: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the steps of each plan."""
    regex, quality = yaml.safe_load((PLANS / "ab.yaml").read_text())["steps"]
    model(folder / "model", texts)
    told = {"model": str(folder / "model"), "label": "bad"}
    return {
        "nothing": [],
        "regex": [regex],
        "text_quality": [quality],
        "regex, text_quality": [regex, quality],
        "duplicates": [{"use": "duplicates", "do": "drop"}],
        "near duplicates": [{"use": "duplicates", "with": {"method": "minhash"}, "do": "drop"}],
        "classifier": [{"use": "classifier", "with": told, "when": {"at_least": 0.5}}],
    }


def model(folder: Path, texts: Sequence[str]) -> None:
    """Write a small encoder with random weights: six layers of 384, as MiniLM has."""
    import tokenizers
    import transformers

    transformers.utils.logging.disable_progress_bar()
    wordpiece = tokenizers.BertWordPieceTokenizer()
    wordpiece.train_from_iterator(texts, vocab_size=30_000, show_progress=False)
    vocabulary = wordpiece.get_vocab()
    tokenizer = transformers.BertTokenizer(vocab=vocabulary, model_max_length=512)
    tokenizer.save_pretrained(folder)
    transformers.BertForSequenceClassification(
        transformers.BertConfig(
            vocab_size=len(vocabulary), hidden_size=384, num_hidden_layers=6,
            num_attention_heads=12, intermediate_size=1536, id2label={0: "good", 1: "bad"},
        )
    ).save_pretrained(folder)  # fmt: skip
    lengths = [len(ids) for ids in tokenizer(list(texts)).input_ids]
    print(f"tokens of a row for the classifier: {sum(lengths) / len(lengths):.0f}\n")


def spent(folder: Path, steps: Sequence[Mapping[str, Any]], limit: int, options: Options) -> Spent:
    """Run steps over the first rows, in a process of its own."""
    told: Spent = apart(running, folder, steps, replace(options, limit=limit, fresh=True))
    return told


def running(folder: Path, steps: Sequence[Mapping[str, Any]], options: Options) -> Spent:
    """Run steps and tell what that took."""
    ready = resolve(plan.Plan.model_validate({"steps": steps}), load())
    sources = expand([str(folder / "rows.jsonl")])
    begun, before = time.perf_counter(), time.process_time()
    run(ready, sources, folder / "out", options, Context(offline=True))
    wall, cpu = time.perf_counter() - begun, time.process_time() - before
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, cpu, others.ru_utime + others.ru_stime)


if __name__ == "__main__":
    main()
