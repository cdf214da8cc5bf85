"""Whether audits see what is true in the worlds of the testbed, over and over with fresh seeds.

    python benchmarks/worlds.py repeats --out DIR [--world leak-in] [--repeats 40] [--jobs 2]
    python benchmarks/worlds.py sweep --out DIR [--jobs 2]
    python benchmarks/worlds.py nulls --out DIR [--pairs 400] [--jobs 2]

`repeats`: new rows and students for every repeat, and a few bases, with only the arms that decide;
counts verdicts that are right, the opposite of right, and neither.

`sweep`: the world leak-in, with updates of different reach; where every arm stands on the scale.

`nulls`: pairs of arms with the same rows and other seeds; how often a test at 5 % tells them apart.

Everything is kept under --out, a line for each repeat as soon as it is done; a command that is
given again goes on where it stopped.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world_arms import arms, score

from curate.api import Job
from curate.audits.statistics.bootstrap import Bootstrap
from curate.audits.statistics.controls import planted_control
from curate.audits.statistics.effects import Scale
from curate.audits.statistics.outcomes import minus
from curate.audits.statistics.signs import sign_flip
from curate.audits.verdict import EXIT, Word, judge
from curate.testbed import base
from curate.testbed.corpora import corpora
from curate.testbed.worlds import LEAK_IN, SEPARABLE_POISON, WORLDS

SEEDS, FIRST = 8, 5000
"""Students of an arm, and the first seed of rows; those below it were used for building worlds."""
BASES, FIRST_BASE = 4, 40
"""Bases that repeats take turns with, and the seed of the first; the sweep has one of its own."""
ARMS = ("drop", "switch", "random drop", "random switch")
REACHES: Mapping[str, Mapping[str, Any]] = {
    "header only": {
        "update": "embedding",
        "learning_rates": {"embeddings": 0, "token:neutral": 2e-2},
    },
    "header 2e-2, rest 1e-4": {"lr": 1e-4, "learning_rates": {"token:neutral": 2e-2}},
    "header 2e-2, rest 3e-4": {"lr": 3e-4, "learning_rates": {"token:neutral": 2e-2}},
    "header 2e-2, rest 1e-3": {"lr": 1e-3, "learning_rates": {"token:neutral": 2e-2}},
    "bias and norms": {"update": "bias", "lr": 1e-2},
    "low rank": {"update": "low_rank", "lr": 3e-3},
    "full 3e-4": {"lr": 3e-4},
    "full 1e-3": {"lr": 1e-3},
    "full 3e-3": {"lr": 3e-3},
}


@dataclass(frozen=True)
class Task:
    """One unit of work, for one process."""

    what: str
    number: int
    world: str
    out: Path

    @property
    def base(self) -> Path:
        own = BASES if self.what == "sweep" else self.number % BASES
        return self.out / "bases" / str(FIRST_BASE + own)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("repeats", "sweep", "nulls"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--world", choices=WORLDS, action="append", help="default: all")
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    many = {"repeats": options.repeats, "sweep": len(REACHES), "nulls": options.pairs}
    names = options.world or list(WORLDS) if options.what == "repeats" else [LEAK_IN.name]
    tasks = [Task(options.what, n, name, out) for n in range(many[options.what]) for name in names]
    with multiprocessing.get_context("spawn").Pool(options.jobs, one_thread) as pool:
        bases = [out / "bases" / str(FIRST_BASE + n) for n in range(BASES + 1)]
        pool.map(make_base, [each for each in bases if not (each / "config.json").exists()], 1)
        results = list(kept(tasks, out / f"{options.what}.jsonl", pool.imap_unordered))
    TELLS[options.what](sorted(results, key=lambda each: each["number"]))


def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def make_base(folder: Path) -> None:
    base.make(folder, int(folder.name))


def kept(
    tasks: Sequence[Task], file: Path, spread: Callable[..., Iterable[Any]]
) -> Iterator[dict[str, Any]]:
    """Yield what came of tasks, and keep it; what was kept before is not done again."""
    wanted = {(task.world, task.number) for task in tasks}
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    known = {(each["world"], each["number"]): each for each in map(json.loads, lines)}
    yield from (each for key, each in known.items() if key in wanted)
    left = [task for task in tasks if (task.world, task.number) not in known]
    with file.open("a", encoding="utf-8") as out:
        for result in spread(work, left):
            out.write(json.dumps(result) + "\n")
            out.flush()
            yield result


def work(task: Task) -> dict[str, Any]:
    started = time.process_time()
    found = DOES[task.what](task)
    seconds = round(time.process_time() - started, 1)
    return {"world": task.world, "number": task.number, **found, "seconds": seconds}


def repeat(task: Task) -> dict[str, Any]:
    """Return the verdicts of one audit."""
    world = WORLDS[task.world]
    wanted = {"untouched", *world.verdicts}
    if world.zero == "clean":
        wanted.add("clean")
    if "absent" in world.verdicts.values():
        wanted.add("planted")
    if world is SEPARABLE_POISON:
        wanted.add("random half")
    students = arms(world, corpora(world, FIRST + task.number), seeds(task), wanted)
    outcomes = score(world, students, task.base)
    bootstrap, scale = Bootstrap(outcomes, task.number), Scale(zero=world.zero)
    controls = [planted_control(bootstrap)] if "planted" in wanted else []
    found = {
        arm: judge(bootstrap, arm, controls=controls, scale=scale, drops=arm != "switch")
        for arm in world.verdicts
    }
    return {
        "means": {arm: round(outcomes.mean({arm: 1.0}), 4) for arm in outcomes.arms},
        "words": {arm: verdict.word for arm, verdict in found.items()},
        "because": {arm: verdict.because for arm, verdict in found.items()},
    }


def sweep(task: Task) -> dict[str, Any]:
    """Return where the arms of leak-in stand when an update reaches as far as this."""
    students: list[Job] = []
    for seed in seeds(task):
        students += arms(LEAK_IN, corpora(LEAK_IN, seed), [seed], ("untouched", "clean", *ARMS))
    options = list(REACHES.values())[task.number]
    bootstrap, scale = Bootstrap(score(LEAK_IN, students, task.base, options), 0), Scale()
    contrasts = {arm: minus(arm, "clean") for arm in ("base", *ARMS)}
    contrasts |= {f"drop - {arm}": minus("drop", arm) for arm in ("base", "switch")}
    places = {name: bootstrap.ratio(each, scale.length) for name, each in contrasts.items()}
    means = {arm: round(bootstrap.outcomes.mean({arm: 1.0}), 4) for arm in bootstrap.outcomes.arms}
    return {"means": means, "places": {name: place and [*place] for name, place in places.items()}}


def null(task: Task) -> dict[str, Any]:
    """Return how different the same rows with other seeds look."""
    said = corpora(LEAK_IN, FIRST + task.number)
    ones = arms(LEAK_IN, said, seeds(task), ["drop"])
    others = [Job("again", job.lessons, job.seed + 10**9) for job in ones]
    outcomes = score(LEAK_IN, [*ones, *others], task.base)
    gap = minus("drop", "again")
    interval = Bootstrap(outcomes, task.number).difference(gap)
    return {
        "p": sign_flip(outcomes.by_seed(gap), task.number),
        "outside": not interval.low <= 0 <= interval.high,
        "interval": [*interval],
    }


def seeds(task: Task) -> range:
    first = (FIRST + task.number) * 100
    return range(first, first + SEEDS)


def tell_repeats(results: Sequence[Mapping[str, Any]]) -> None:
    print(f"{'world':<17} repeats  right  opposite  unresolved  other   s  mean scores")
    for name in dict.fromkeys(result["world"] for result in results):
        own = [result for result in results if result["world"] == name]
        counts = Counter(outcome(name, result["words"]) for result in own)
        told = (counts[word] for word in ("right", "opposite", "unresolved", "other"))
        seconds = sum(result["seconds"] for result in own) / len(own)
        arms_ = ", ".join(
            f"{arm} {sum(result['means'][arm] for result in own) / len(own):.2f}"
            for arm in own[0]["means"]
        )
        print(f"{name:<17} {len(own):7}", "{:6} {:9} {:11} {:6}".format(*told), end="")
        print(f" {seconds:4.0f}  {arms_}")
        for result in own:
            for arm, word in result["words"].items():
                if word != WORLDS[name].verdicts[arm]:
                    print(f"  repeat {result['number']}, {arm}: {word}; {result['because'][arm]}")


def outcome(world: str, words: Mapping[str, str]) -> str:
    """Say how the verdicts of a repeat compare with the truth, the worst of its arms."""
    found = []
    for arm, word in words.items():
        right = WORLDS[world].verdicts[arm]
        if word == right:
            found.append("right")
        elif word == "unresolved":
            found.append("unresolved")
        else:
            found.append("other" if EXIT[Word(word)] == EXIT[Word(right)] else "opposite")
    return next(each for each in ("opposite", "other", "unresolved", "right") if each in found)


def tell_sweep(results: Sequence[Mapping[str, Any]]) -> None:
    names = list(results[0]["places"])
    print(f"{'reach':<24}", *(f"{name:>20}" for name in names))
    for number, reach in enumerate(REACHES):
        (result,) = (each for each in results if each["number"] == number)
        places = (
            "{:.2f} ({:.2f} to {:.2f})".format(*place) if place else "-"
            for place in result["places"].values()
        )
        print(f"{reach:<24}", *(f"{place:>20}" for place in places))


def tell_nulls(results: Sequence[Mapping[str, Any]]) -> None:
    alarms = sum(result["p"] < 0.05 for result in results)
    outside = sum(result["outside"] for result in results)
    print(f"{len(results)} pairs: sign-flip p < 0.05 in {alarms}, 0 outside the interval {outside}")


DOES = {"repeats": repeat, "sweep": sweep, "nulls": null}
TELLS = {"repeats": tell_repeats, "sweep": tell_sweep, "nulls": tell_nulls}

if __name__ == "__main__":
    sys.exit(main())
