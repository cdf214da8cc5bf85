"""The segments of one corpus judged by actors of Ray core, and by Ray Data: time, memory, answers.

    python benchmarks/ray_data.py [--rows 400000] [--rounds 2] [--workers 2]

Both judge the plan `ab` on one cluster that is up before, with as many actors, each of which opens
the same work; both get where segments lie and give parts back in input order. Nothing is written.
Ray Data gets one segment a block, so that it can hand them out as freely, or as many a block as it
likes. Every run has a process of its own, the driver; MB is the most that one ever held, CPU
seconds are those of the driver and of the cluster.
"""

import argparse
import hashlib
import logging
import os
import pickle
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, NamedTuple

import small_rows
from apart import apart
from ray_cluster import Cluster, cluster

from curate import plan, registry, views
from curate.api import Context, Executor, Work
from curate.engine.elsewhere import elsewhere
from curate.engine.executors import cut
from curate.engine.parts import Part
from curate.engine.rendering import ledger_lines
from curate.engine.tasks import Task
from curate.io.reading import Reader
from curate.io.sources import expand

PLAN = Path(__file__).resolve().parent / "plans" / "ab.yaml"

Driver = Callable[[Work, Sequence[Task], str, int], Iterator[Part]]


class Told(NamedTuple):
    """What one driver says at its end."""

    wall: float
    first: float
    """Seconds until the first part was there."""
    cpu: float
    """Of the driver alone."""
    memory: float
    digest: str
    """Of all ledger lines."""


class Works(Executor):
    """Opens nothing: hands over the works."""

    name: ClassVar[str] = "works"

    @contextmanager
    def open(self, works: Sequence[Work], _workers: int | None) -> Iterator[Any]:
        yield works


def core(work: Work, tasks: Sequence[Task], address: str, workers: int) -> Iterator[Part]:
    from curate_ray import Ray

    with Ray(address=address).open([work], workers) as pools:
        done: dict[int, Part] = {}
        sent = 0
        for number in range(len(tasks)):
            while number not in done:
                while sent < len(tasks) and sent - number < pools.capacity:
                    pools.submit(sent, 0, tasks[sent])
                    sent += 1
                key, part = pools.next()
                done[key] = part
            yield done.pop(number)


def data(
    work: Work, tasks: Sequence[Task], address: str, workers: int, blocks: int | None = None
) -> Iterator[Part]:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray.data
    from ray import cloudpickle

    class Judge:  # in here it travels by value: the actors do not have this module
        def __init__(self, packed: bytes) -> None:
            self.opened = pickle.loads(packed).open()  # kept: it closes with its last reference
            self.do = self.opened.__enter__()

        def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
            return {"part": [pickle.dumps(self.do(pickle.loads(item))) for item in batch["item"]]}

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    settings = ray.data.DataContext.get_current()
    settings.execution_options.preserve_order = True
    settings.enable_progress_bars = False
    items = [{"item": pickle.dumps(task)} for task in tasks]
    judged = ray.data.from_items(items, override_num_blocks=blocks).map_batches(
        Judge,
        batch_size=1,
        batch_format="numpy",
        compute=ray.data.ActorPoolStrategy(size=workers),
        fn_constructor_args=(cloudpickle.dumps(work),),
        num_cpus=1,
    )
    for row in judged.iter_rows():
        yield pickle.loads(row["part"])
    ray.shutdown()


def data_by_segment(
    work: Work, tasks: Sequence[Task], address: str, workers: int
) -> Iterator[Part]:
    return data(work, tasks, address, workers, len(tasks))


DRIVERS: dict[str, Driver] = {
    "Ray core": core,
    "Ray Data, a segment a block": data_by_segment,
    "Ray Data, its own blocks": data,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    found: dict[str, list[tuple[Told, float]]] = {name: [] for name in DRIVERS}
    with TemporaryDirectory() as name, cluster(given.workers) as ours:
        corpus = Path(name, "corpus.jsonl")
        small_rows.write(corpus, given.rows)
        for _ in range(given.rounds):
            for driver, told in found.items():
                told.append(judged(driver, corpus, ours, given.workers))
    print(f"load {os.getloadavg()[0]:.1f}, {given.rows:,} rows, {given.workers} workers\n")
    print("| driver | wall s | first part s | CPU s | driver MB |\n|---|---|---|---|---|")
    for driver, runs in found.items():
        wall, first = (
            median(getattr(told, each) for told, _ in runs) for each in ("wall", "first")
        )
        cpu, memory = median(cpu for _, cpu in runs), max(told.memory for told, _ in runs)
        print(f"| {driver} | {wall:.1f} | {first:.1f} | {cpu:.1f} | {memory:.0f} |")
    digests = {told.digest for runs in found.values() for told, _ in runs}
    print(f"\nparts: {'identical' if len(digests) == 1 else 'DIFFERENT'}")


def judged(driver: str, corpus: Path, ours: Cluster, workers: int) -> tuple[Told, float]:
    """Run a driver in a process of its own; return what it tells, and the CPU of all."""
    before = ours.cpu_seconds()
    told: Told = apart(drive, driver, corpus, ours.address, workers)
    return told, told.cpu + ours.cpu_seconds() - before


def drive(driver: str, corpus: Path, address: str, workers: int) -> Told:
    """Judge the corpus and tell what it took."""
    ready = registry.resolve(plan.load(PLAN), registry.load())
    stages = cut("processes", ready)
    view = views.view(ready.plan.input, str(corpus), views.shape_of("text", []))
    segments = Reader(expand([str(corpus)])).segments()
    tasks = [Task(segment.descriptor(), view, stages[0]) for segment in segments]
    names, digest, first = [step.name for step in ready.steps], hashlib.sha256(), 0.0
    begun = time.perf_counter()
    with elsewhere(Works(), ready, Context(), stages, workers) as far:
        (work,) = far.pools
        for part in DRIVERS[driver](work, tasks, address, workers):
            first = first or time.perf_counter() - begun
            digest.update(ledger_lines(part, names))
    wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6
    return Told(wall, first, cpu, memory, digest.hexdigest())


if __name__ == "__main__":
    main()
