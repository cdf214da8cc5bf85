"""What a memory of `duplicates` takes as rows grow, in RAM and on disk, and what it costs to ask.

    python benchmarks/duplicates_memory.py                  # exact and minhash, to 10 million
    python benchmarks/duplicates_memory.py --methods minhash --rows 1000000 --shingles 128
    python benchmarks/duplicates_memory.py --rows 1000000 --stay --limit 2000   # without files
    python benchmarks/duplicates_memory.py --run            # whole runs of 1.2 million rows

A memory lives in a process of its own that may have only so much memory besides mapped files
(RLIMIT_DATA); more would end it. It is asked about signatures made here: nine of ten are new, one
repeats an earlier one, exactly or with one band and one hash changed. `--group` names a control
group with a limit to enter first: that counts mapped files, too.

Times are of `admit()` alone, in µs a row, since the row before it in the table; `longest` is the
longest 10,000 rows, in seconds: a table doubled there. MB are 10^6 bytes.
"""

import argparse
import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from measure import measure

from curate.api import Context, Memory
from curate.filters.duplicates import Duplicates, FirstWins
from curate.filters.minhash.memory import MostSimilar

TOGETHER = 10_000
"""Rows whose signatures are made before they are admitted."""
LIMIT = {"exact": 200, "minhash": 1500}
"""RLIMIT_DATA, in MB: what is in RAM before it moves to files, and room to move."""
BANDS = 16
"""Of a threshold of 0.8."""
ROWS = 1_200_000
"""Of a whole run: more than a memory of exact duplicates holds in RAM."""
KEPT = 2_000
"""Earlier signatures that may come again, drawn from all so far."""
HEAD = """\
| method | rows | RAM, anonymous | files | resident of them | CPU µs | clock µs | longest |
|---|---|---|---|---|---|---|---|"""


class Used(NamedTuple):
    """Bytes of a process."""

    anonymous: int
    resident: int
    """Of mapped files."""


def exact(rng: random.Random, shingles: int) -> bytes:  # noqa: ARG001
    """Return a signature nobody had."""
    return rng.randbytes(16)


def minhash(rng: random.Random, shingles: int) -> bytes:
    """Return a signature nobody had, nor anything like it."""
    hashes = array("I", rng.randbytes(4 * shingles)).tolist()
    return rng.randbytes(4 * BANDS) + array("I", sorted(hashes)).tobytes()


def nearly(rng: random.Random, signature: bytes) -> bytes:
    """Return a signature that a near duplicate might have, or the same where it is exact."""
    if len(signature) == hashlib.sha256().digest_size // 2:
        return signature
    numbers = array("I", signature)
    numbers[rng.randrange(BANDS)] = rng.getrandbits(32)
    numbers[-1] |= 1
    return numbers.tobytes()


def signatures(method: str, shingles: int) -> Iterator[list[bytes]]:
    """Yield lists of signatures, without end."""
    rng = random.Random(7)
    make = exact if method == "exact" else minhash
    kept: list[bytes] = []
    while True:
        part = []
        for number in range(TOGETHER):
            if kept and number % 10 == 0:
                part.append(nearly(rng, rng.choice(kept)))
            else:
                part.append(make(rng, shingles))
        fresh = rng.sample(part, 20)
        kept = [*kept, *fresh] if len(kept) < KEPT else [*rng.sample(kept, KEPT - 20), *fresh]
        yield part


def used() -> Used:
    lines = Path("/proc/self/status").read_text().splitlines()
    kb = {
        name: int(rest.split()[0])
        for name, _, rest in (line.partition(":") for line in lines)
        if name.startswith("Rss")
    }
    return Used(kb["RssAnon"] * 1024, (kb["RssFile"] + kb["RssShmem"]) * 1024)


def on_disk(folder: Path) -> int:
    """Return the bytes of this process's files in the folder that have no name."""
    files = {}
    for link in Path("/proc/self/fd").iterdir():
        if os.path.realpath(link).startswith(str(folder)):
            found = link.stat()
            files[found.st_ino] = found.st_blocks * 512
    return sum(files.values())


def fill(memory: Memory, method: str, stops: list[int], shingles: int, folder: Path) -> None:
    """Fill a memory and print what it took at every stop."""
    import curate.filters.minhash.signatures  # noqa: F401  (what a run has loaded, too)

    before, top = used(), 0
    cpu = clock = longest = 0.0
    row = since = 0
    for part in signatures(method, shingles):
        start, began = time.perf_counter(), time.process_time()
        for signature in part:
            memory.admit(signature, row)
            row += 1
        took = time.perf_counter() - start
        cpu, clock, longest = cpu + time.process_time() - began, clock + took, max(longest, took)
        now = used()
        top = max(top, now.anonymous)
        if row >= stops[0]:
            rows = row - since
            print(
                f"| {method} | {row:,} | {(top - before.anonymous) / 1e6:.0f} MB "
                f"| {on_disk(folder) / 1e6:,.0f} MB "
                f"| {max(now.resident - before.resident, 0) / 1e6:,.0f} MB "
                f"| {cpu / rows * 1e6:.2f} | {clock / rows * 1e6:.2f} | {longest:.1f} s |",
                flush=True,
            )
            cpu = clock = longest = 0.0
            since = row
            stops = stops[1:]
            if not stops:
                return


def child(options: argparse.Namespace) -> None:
    """Be the process that has the memory."""
    (method,) = options.methods
    memory = Duplicates(method=method).memory(Context(scratch=options.folder))
    if options.stay:
        memory = (
            FirstWins(None, 1 << 40) if method == "exact" else MostSimilar(BANDS, None, 1 << 40)
        )
    limit = (options.limit or LIMIT[method]) * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    fill(memory, method, options.rows, options.shingles, options.folder)


def memories(options: argparse.Namespace) -> None:
    """Measure each memory in a process of its own."""
    print(HEAD, flush=True)
    for method in options.methods:
        command = [sys.executable, __file__, "--child", "--methods", method]
        command += ["--rows", ",".join(map(str, options.rows))]
        command += ["--shingles", str(options.shingles), "--folder", str(options.folder)]
        command += ["--limit", str(options.limit)] if options.limit else []
        if options.stay:
            command.append("--stay")
        if options.group:
            enter = f'echo $$ > "{options.group}/cgroup.procs"; exec "$@"'
            command = ["/bin/sh", "-c", enter, "sh", *command]
        subprocess.run(command, check=True)


def whole(options: argparse.Namespace, folder: Path) -> None:
    """Measure whole runs over rows that are all different, under the same limit."""
    corpus = folder / "rows.jsonl"
    rng = random.Random(7)
    words = [f"word{number}" for number in range(5000)]
    with corpus.open("w") as out:
        for _ in range(ROWS):
            text = " ".join(rng.choices(words, k=options.shingles + 4))
            out.write(f'{{"prompt": "Say.", "response": "{text}"}}\n')
    print("| method | rows | CPU | wall | largest process | all | exit |")
    print("|---|---|---|---|---|---|---|")
    for method in options.methods:
        plan, out_ = folder / f"{method}.yaml", folder / method
        plan.write_text(f"steps: [{{use: duplicates, with: {{method: {method}}}, do: drop}}]\n")
        run = [sys.executable, "-m", "curate", "run", plan, corpus, "--out", out_, "--workers", "1"]
        limit = options.limit or LIMIT[method]
        limited = ["/bin/sh", "-c", f'ulimit -d {limit * 1000} && exec "$@"', "sh", *run]
        took = measure(limited, folder / "log.txt", dict(os.environ))
        print(
            f"| {method} | {ROWS:,} | {took.cpu:.0f} s | {took.wall:.0f} s | {took.rss:.0f} MB "
            f"| {took.pss:.0f} MB | {took.code} |",
            flush=True,
        )
        shutil.rmtree(out_)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--methods", type=lambda text: text.split(","), default=["exact", "minhash"]
    )
    parser.add_argument(
        "--rows",
        type=lambda text: [int(number) for number in text.split(",")],
        default=[1_000_000, 5_000_000, 10_000_000],
    )
    parser.add_argument("--shingles", type=int, default=8, help="different ones of a row")
    parser.add_argument("--limit", type=int, help="RLIMIT_DATA in MB; else by method")
    parser.add_argument("--group", type=Path, help="a control group to enter")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a disk")
    parser.add_argument("--stay", action="store_true", help="without files")
    parser.add_argument("--run", action="store_true", help="whole runs instead")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        with TemporaryDirectory(dir=options.folder) as folder:
            whole(options, Path(folder))
    else:
        (child if options.child else memories)(options)


if __name__ == "__main__":
    main()
