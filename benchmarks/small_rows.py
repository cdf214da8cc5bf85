"""Write many small rows quickly, the same bytes every time: for what depends on the number of rows.

    python small_rows.py FILE ROWS

A row is about 550 bytes: four passages of made-up words, each from a pool of its own. The sizes of
the pools share no factor, so no two texts are alike and none is nearly so, save those meant to be:
every twentieth row repeats a text from seven rows before; another twentieth has an e-mail address.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from corpus_words import Words

POOLS = (997, 1009, 1013, 1019)
WORDS = 18
"""In each passage."""
EVERY, BEFORE = 20, 7


def write(file: Path, rows: int) -> None:
    """Write `rows` rows; a smaller number gives a prefix of a larger one."""
    with file.open("w", encoding="ascii", newline="\n") as out:
        out.writelines(lines(rows))


def lines(rows: int) -> Iterator[str]:
    """Yield JSON lines."""
    words, rng = Words(7), np.random.default_rng(7)
    pools = [[_passage(words, rng) for _ in range(size)] for size in POOLS]
    for number in range(rows):
        place = number % EVERY
        at = number - BEFORE if place == EVERY - 1 else number
        passages = [pool[at % size] for pool, size in zip(pools, POOLS, strict=True)]
        if place == 5:
            passages[0] = f"Write to row{number}@example.org."
        yield f'{{"id": "r{number:09d}", "text": "{" ".join(passages)}"}}\n'


def _passage(words: Words, rng: np.random.Generator) -> str:
    return json.dumps(" ".join(words.sample(rng, WORDS)).replace("\n ", "\n").strip())[1:-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("rows", type=int)
    given = parser.parse_args()
    write(given.file, given.rows)


if __name__ == "__main__":
    main()
