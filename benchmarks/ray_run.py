"""What a run on Ray costs beside the same run in processes, on one machine.

    python benchmarks/ray_run.py [--rows 1000000] [--rounds 2] [--workers 2] [--plan ab]

Both executors run the plan `ab` (20 regexes, text_quality; `abc` has exact duplicates too) over the
same small rows, in turn, and must write the same files. The cluster is up before. A run over the
first rows alone tells what starting costs: of Ray's, what is more than that of processes is stated
apart and not in the ratio. Then a plan without steps over a fifth of the rows, cut into ever more
segments: the slope is what a segment costs. CPU seconds are those of the whole tree, and of the
cluster.
"""

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

import small_rows
from apart import apart
from ray_cluster import Cluster, cluster

PLANS = Path(__file__).resolve().parent / "plans"
FEW = 100
SIZES = (2000, 500, 125)
"""Lines of a segment; a run has the first."""
EXECUTORS = ("processes", "ray")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--plan", default="ab", help="the name of a file in plans/")
    given = parser.parse_args()
    with TemporaryDirectory() as name, cluster(given.workers) as ours:
        folder = Path(name)
        for file, rows in (("few", FEW), ("fifth", given.rows // 5), ("all", given.rows)):
            small_rows.write(folder / f"{file}.jsonl", rows)
        print(f"load {os.getloadavg()[0]:.1f}, {given.rows:,} rows, {given.workers} workers\n")
        compare(folder, PLANS / f"{given.plan}.yaml", ours, given.rounds, given.workers)
        segments(folder, ours, given.rounds, given.workers)


def compare(folder: Path, plan: Path, ours: Cluster, rounds: int, workers: int) -> None:
    """Print wall and CPU time of whole runs, and whether their files are the same."""
    walls: dict[tuple[str, str], list[float]] = {}
    cpus: dict[tuple[str, str], list[float]] = {}
    mains, hashes = dict[str, float](), set[str]()
    for _ in range(rounds):
        for corpus in ("few", "all"):
            for executor in EXECUTORS:
                out, before = folder / "out", ours.cpu_seconds()
                command = ["run", plan, folder / f"{corpus}.jsonl", "--out", out]
                command += ["--workers", str(workers), "--executor", executor]
                command += ["--address", ours.address] if executor == "ray" else []
                wall, cpu = timed(command)
                mains[corpus] = cpu  # the last of a round is Ray's: the main process alone
                more = ours.cpu_seconds() - before if executor == "ray" else 0.0
                walls.setdefault((executor, corpus), []).append(wall)
                cpus.setdefault((executor, corpus), []).append(cpu + more)
                if corpus == "all":
                    hashes.add(hashed(out))
                shutil.rmtree(out)
    print("| executor | wall s | with few rows | CPU s | with few rows |\n|---|---|---|---|---|")
    for executor in EXECUTORS:
        told = [median(used[executor, c]) for used in (walls, cpus) for c in ("all", "few")]
        print(f"| {executor} |", " | ".join(f"{each:.1f}" for each in told), "|")
    starting = median(walls["ray", "few"]) - median(walls["processes", "few"])
    ratio = (median(walls["ray", "all"]) - starting) / median(walls["processes", "all"])
    print(
        f"\nRay starts {starting:.1f} s later; without that it needs {ratio:.2f} of the wall time"
    )
    rows = sum(1 for _ in (folder / "all.jsonl").open("rb"))
    print(f"its main process uses {(mains['all'] - mains['few']) / rows * 1e6:.1f} µs of CPU a row")
    print(f"files: {'identical' if len(hashes) == 1 else 'DIFFERENT'} in {2 * rounds} runs\n")


def timed(command: Sequence[str | Path]) -> tuple[float, float]:
    """Return seconds of the clock and of the processors that a command of curate took."""
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "curate", *command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"curate {command[0]} ended with status {status}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime


def hashed(folder: Path) -> str:
    """Return one hash of all files of a run directory, names included."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        whole.update(path.name.encode())
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def segments(folder: Path, ours: Cluster, rounds: int, workers: int) -> None:
    """Print what one segment more costs when its rows cost nothing."""
    found: dict[tuple[str, int], list[Cost]] = {}
    for _ in range(rounds):
        for lines in SIZES:
            for executor in EXECUTORS:
                before = ours.cpu_seconds()
                cost = apart(nothing, folder, executor, ours.address, lines, workers)
                if executor == "ray":
                    cost = cost._replace(cpu=cost.cpu + ours.cpu_seconds() - before)
                found.setdefault((executor, lines), []).append(cost)
    print("| executor | segments | wall s | CPU s | a segment more: ms | CPU ms |")
    print("|---|---|---|---|---|---|")
    for executor in EXECUTORS:
        costs = [Cost(*map(min, zip(*found[executor, lines], strict=True))) for lines in SIZES]
        for cost in costs:
            told = f"| {executor} | {cost.segments} | {cost.wall:.2f} | {cost.cpu:.2f} |"
            more = cost.segments - costs[0].segments
            for seconds in (cost.wall - costs[0].wall, cost.cpu - costs[0].cpu):
                told += f" {seconds / more * 1e3:.2f} |" if more else " |"
            print(told)


class Cost(NamedTuple):
    """What a run took, in seconds of the clock and of the processors."""

    segments: int
    wall: float
    cpu: float


def nothing(folder: Path, executor: str, address: str, lines: int, workers: int) -> Cost:
    """Run a plan without steps and tell what it took, and over how many segments."""
    from curate import plan
    from curate.api import Context
    from curate.cli.workers import executor_named
    from curate.engine.run import Options, run
    from curate.io.sources import expand
    from curate.registry import load, resolve

    installed = load()
    where = executor_named(executor, address if executor == "ray" else None, installed)
    options = Options(where, workers, fresh=True, lines=lines)
    ready = resolve(plan.Plan.model_validate({"steps": []}), installed)
    begun = time.perf_counter()
    facts = run(ready, expand([str(folder / "fifth.jsonl")]), folder / "out", options, Context())
    wall = time.perf_counter() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Cost(facts["segments"], wall, sum(each.ru_utime + each.ru_stime for each in used))


if __name__ == "__main__":
    main()
