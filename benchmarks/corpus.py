"""Write a synthetic SFT corpus of plain `text` rows, the same bytes for the same seed.

    python corpus.py FOLDER RECORDS [--seed 7]     ->  FOLDER/part-000.jsonl … part-003.jsonl

A row is a made-up conversation (Zipf-distributed pseudo-words, log-normal lengths, about 1.8 kB),
its turns joined by blank lines. A known share is spoilt on purpose (corpus_spoils.py). Rows are
made in blocks with a seed of their own, so a smaller corpus is a prefix of a larger one. One row
number in a thousand is left out: those stand for the broken lines most peers stop at.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpus_spoils import Turns, spoil
from corpus_words import Words

SHARDS = 4
BLOCK = 5000
POOL = 20_000
"""How many earlier plain rows a duplicate may be taken from."""


def rows(records: int, seed: int) -> Iterator[tuple[int, str]]:
    """Yield (number, JSON line) for the numbers below `records`, less those left out."""
    words = Words(seed)
    pool: list[Turns] = []
    for first in range(0, records, BLOCK):
        rng = np.random.default_rng([seed, first // BLOCK])
        turns = rng.choice([1, 1, 1, 2, 2, 3], BLOCK)
        asked = np.clip(rng.lognormal(3.3, 0.7, (BLOCK, 3)), 4, 400).astype(int)
        answered = np.clip(rng.lognormal(4.3, 0.8, (BLOCK, 3)), 8, 1500).astype(int)
        fate, dice = rng.random(BLOCK), rng.random((BLOCK, 4))
        escaped, left_out = rng.random(BLOCK) < 0.05, rng.random(BLOCK) < 0.001
        stream = iter(words.sample(rng, int((asked + answered).sum()) + 64))
        for n in range(min(BLOCK, records - first)):
            plain = _conversation(stream, asked[n, : turns[n]], answered[n, : turns[n]])
            texts = spoil(plain, fate[n], dice[n], rng, pool, words)
            if texts is plain:
                _remember(pool, plain, dice[n])
            if not left_out[n]:
                row = _row(first + n, texts, dice[n])
                yield first + n, json.dumps(row, ensure_ascii=bool(escaped[n]))


def _conversation(stream: Iterator[str], asked: np.ndarray, answered: np.ndarray) -> Turns:
    turns = []
    for lengths in zip(asked.tolist(), answered.tolist(), strict=True):
        for length, end in zip(lengths, "?.", strict=True):
            text = " ".join(next(stream) for _ in range(length))
            text = text.replace("\n ", "\n").rstrip(" ,\n")
            text = text[:1].upper() + text[1:]
            turns.append(text if end == "." and text[-1:] in ".?" else text + end)
    return turns


def _remember(pool: list[Turns], turns: Turns, dice: np.ndarray) -> None:
    if len(pool) < POOL:
        pool.append(turns)
    else:
        pool[int(dice[3] * POOL)] = turns


def _row(number: int, turns: Turns, dice: np.ndarray) -> dict[str, object]:
    score = round(float(dice[3]), 4)
    return {
        "id": f"synth-{number:09d}",
        "text": "\n\n".join(turns),
        "source": "forum" if dice[0] < 0.5 else "docs",
        "lang": "en",
        "meta": {"turns": len(turns) // 2, "score": score, "split": "train"},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("records", type=int)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    names = [options.folder / f"part-{n:03d}.jsonl" for n in range(SHARDS)]
    shards = [name.open("w", encoding="utf-8", newline="\n") for name in names]
    for number, line in rows(options.records, options.seed):
        shards[number * SHARDS // options.records].write(line + "\n")
    for shard in shards:
        shard.close()


if __name__ == "__main__":
    main()
