"""How fast records are held against evaluation files, and what an index of them takes.

    python benchmarks/contamination.py --data ../shared/data

Rows a CPU second are those of one core, read and decoded before the clock starts. Memory is that of
an index of items whose n-grams all differ, the most that as many words can take.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from curate import corpora
from curate.api import Context
from curate.filters.contamination import Contamination
from curate.filters.overlap.compared import Compared
from curate.filters.overlap.items import Item

CORPORA = {"gpteacher": ["gpteacher/*.json"], "just_eval": ["corpora/*.jsonl"]}
EVALUATIONS = {
    "MT-bench, Vicuna": (["fastchat/*_question.jsonl"], ["turns.*"]),
    "GSM8K": (["gsm8k/test.jsonl"], ["question"]),
    "BBH dates": (["bbh/date_understanding.json"], ["examples.*.input"]),
    "all four": (
        ["fastchat/*_question.jsonl", "gsm8k/test.jsonl", "bbh/date_understanding.json"],
        ["turns.*", "question", "examples.*.input"],
    ),
}
WORDS, VOCABULARY = 107, 50_000
"""Words of a made item, so that it has a hundred 8-grams, and of all made items together."""


def speed(data: Path, n: int) -> None:
    print(f"{'corpus':10} {'evaluation':17} {'rows':>6} {'hits':>5} {'whole':>5} {'any':>5} rows/s")
    for corpus, files in CORPORA.items():
        records = list(corpora.records(corpora.reader(_in(data, files))))
        for record in records:
            _ = record.turns
        for evaluation, (against, fields) in EVALUATIONS.items():
            filter_ = Contamination(against=_in(data, against), fields=fields, n=n)
            with filter_.open(Context()) as judge:
                began = time.process_time()
                scores = [verdict.score or 0.0 for verdict in judge(records)]
                rate = len(records) / (time.process_time() - began)
            counts = (sum(map(filter_.rule.hit, scores)), scores.count(1.0), sum(map(bool, scores)))
            told = " ".join(f"{count:5}" for count in counts)
            print(f"{corpus:10} {evaluation:17} {len(records):6} {told} {rate:6,.0f}")


def memory(grams: int) -> None:
    """Say what this process takes for an index of so many 8-grams; run it in one of its own."""
    rng = Random(7)
    before, began = _resident(), time.process_time()
    items = (
        Item(" ".join(f"w{rng.randrange(VOCABULARY)}" for _ in range(WORDS)), "made.jsonl", line)
        for line in range(grams // 100)
    )
    compared = Compared(items, 8, 5)
    seconds, taken = time.process_time() - began, _resident() - before
    print(f"{len(compared.items) * 100:,} different 8-grams: {taken:.0f} MB, {seconds:.1f} s")


def _in(data: Path, names: Sequence[str]) -> list[str]:
    return [str(data / name) for name in names]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of real corpora")
    parser.add_argument("--n", type=int, default=8)
    parser.add_argument("--grams", type=int, help="only measure the memory of so many, here")
    chosen = parser.parse_args()
    if chosen.grams:
        memory(chosen.grams)
        return
    speed(chosen.data, chosen.n)
    for grams in (1_000_000, 4_000_000):
        again = [sys.executable, __file__, "--data", str(chosen.data), "--grams", str(grams)]
        subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
