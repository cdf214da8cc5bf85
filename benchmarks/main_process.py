"""What the main process of a run does a second when judging costs nothing.

    python benchmarks/main_process.py [--rows 400000] [--rounds 2]

The answers for all segments of small rows are made and written down first. Then a run gets them at
once: what is left is what one process does for any number of workers, which is to read, hash, cut,
unpickle answers, put them in order, write, and commit.
"""

import argparse
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import small_rows
import yaml
from scale import PLANS, spent

from curate.api import Executor, Work
from curate.engine.run import Options


class Recorded(Executor):
    """Judges here and now, and writes every answer down."""

    name: ClassVar[str] = "recorded"
    answers: Path

    @contextmanager
    def open(self, works: Sequence[Work], _workers: int | None) -> Iterator["Answers"]:
        with works[0].open() as do:
            made = Answers([], do)
            yield made
        self.answers.write_bytes(pickle.dumps(made.ready))


class Instant(Executor):
    """Judges nothing: hands out answers that were written down."""

    name: ClassVar[str] = "instant"
    answers: Path

    @contextmanager
    def open(self, _works: Sequence[Work], _workers: int | None) -> Iterator["Answers"]:
        yield Answers(pickle.loads(self.answers.read_bytes()))


class Answers:
    """Pools of one worker: answers as they travel, in the order they are asked for."""

    capacity = 1

    def __init__(self, ready: list[bytes], do: Callable[[Any], Any] | None = None) -> None:
        self.ready, self.do, self.asked = ready, do, 0

    def submit(self, key: int, _pool: int, item: Any) -> None:
        self.asked = key
        if self.do is not None:
            self.ready.append(pickle.dumps(self.do(item)))

    def next(self) -> tuple[int, Any]:
        return self.asked, pickle.loads(self.ready[self.asked])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        corpus, answers, rows = folder / "rows.jsonl", folder / "answers", given.rows
        small_rows.write(corpus, rows)
        size = corpus.stat().st_size / 1e6
        print(f"load {os.getloadavg()[0]:.1f}, {rows:,} rows, {size:.0f} MB\n")
        print("| plan | rows a second | MB a second | rows a CPU second | MB a CPU second |")
        print("|---|---|---|---|---|")
        for plan in ("io", "ab"):
            steps = yaml.safe_load((PLANS / f"{plan}.yaml").read_text())["steps"]
            spent(folder, steps, rows, Options(Recorded(answers=answers)))
            instant = Options(Instant(answers=answers))
            tried = [spent(folder, steps, rows, instant) for _ in range(given.rounds)]
            wall, cpu, _ = map(min, zip(*tried, strict=True))
            told = (rows / wall, size / wall, rows / cpu, size / cpu)
            print(f"| {plan} |", " | ".join(f"{each:,.0f}" for each in told), "|")


if __name__ == "__main__":
    main()
