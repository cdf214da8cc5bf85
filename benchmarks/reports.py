"""What it costs to report a run, and to compare two.

    python benchmarks/reports.py --corpora 'CORPORA/*.jsonl' [--rows 1000000] [--workers 2]

The rows of real corpora are repeated, each with a number of its own, and run through five cheap
steps. Then the page is made, the run is compared with itself, and with itself under another file
name: no record then stands at its place, so all of them wait on disk for their counterpart. Each is
a process of its own; seconds are those of the clock and of the processor, MB the most it held.
"""

import argparse
import os
import subprocess
import sys
import time
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory

PLAN = """
steps:
  - {use: length, with: {unit: words, min: 5}, do: drop}
  - {use: length, name: long, with: {unit: characters, max: 2500}, do: flag}
  - {use: regex, name: private, with: {pack: [secrets, pii]}, do: flag}
  - {use: provenance, with: {teachers: ['Llama*']}, do: flag}
  - {use: regex, name: refusals, with: {pack: refusals}, do: drop}
"""


def make(folder: Path, corpora: str, rows: int) -> None:
    """Write the corpus and the plan."""
    lines = []
    for name in sorted(glob(corpora)):
        with Path(name).open("rb") as file:
            lines += file
    if not lines:
        raise SystemExit(f"no rows in {corpora}")
    with (folder / "corpus.jsonl").open("wb") as file:
        for number in range(rows):
            file.write(b'{"n":%d,%s' % (number, lines[number % len(lines)][1:]))
    (folder / "plan.yaml").write_text(PLAN)


def measured(folder: Path, *arguments: str) -> str:
    """Run a command of curate and say what it cost."""
    began = time.monotonic()
    started = subprocess.Popen(
        [sys.executable, "-m", "curate", *arguments],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, status, used = os.wait4(started.pid, 0)
    if status:
        raise SystemExit(f"curate {' '.join(arguments)}: {started.stderr.read().decode()}")
    spent = used.ru_utime + used.ru_stime
    took = time.monotonic() - began
    return f"{took:7.1f} s {spent:7.1f} CPU-s {used.ru_maxrss / 1024:7.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, help="files of JSON lines, as a pattern")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, options.corpora, options.rows)
        workers = ("--workers", str(options.workers))
        run = ("run", "plan.yaml", "corpus.jsonl", "--out", "run", *workers)
        print(f"run      {measured(folder, *run)} (the main process)")
        page = measured(folder, "report", "run", "--html", "--output", "page.html")
        print(f"report   {page}, a page of {(folder / 'page.html').stat().st_size:,} bytes")
        print(f"compare  {measured(folder, 'compare', 'run', 'run')}")
        moved = folder / "moved"
        moved.mkdir()
        (moved / "run.json").write_bytes((folder / "run" / "run.json").read_bytes())
        with (moved / "ledger.jsonl").open("wb") as ledger:
            for line in (folder / "run" / "ledger.jsonl").open("rb"):
                ledger.write(line.replace(b'"file":"corpus', b'"file":"moved', 1))
        print(f"moved    {measured(folder, 'compare', 'run', 'moved', '-n', '0')}")


if __name__ == "__main__":
    main()
