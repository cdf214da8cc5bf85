"""Build the corpora, install the peers, run the jobs in turn, compare what is kept, print ratios.

    python benchmarks/run.py [--jobs io,abc,ab,abn] [--checks help,memory] [--records 100000]
                             [--runs 3] [--peers datatrove,datasets,…] [--work benchmarks/work]

Needs Linux, Python 3.11 or later and PyPI, nothing else. Writes benchmarks/results.json.
"""

import argparse
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from bench import Bench
from systems import ALL, JOBS, PEERS

import report

HERE = Path(__file__).resolve().parent
CHECKS = ("help", "memory")


def main() -> None:
    options = _arguments()
    systems = [s for s in ALL if s.name in options.peers or s.name not in PEERS]
    bench = Bench(options.work.resolve(), options.runs, systems)
    results: dict[str, Any] = {"machine": _machine(), "runs": options.runs, "jobs": {}}

    results["install"] = bench.install()
    for job in options.jobs:
        results["jobs"][job] = bench.job(job, options.records)
        _write(results, options.results)
    if "help" in options.checks:
        results["help"] = bench.help()
    if "memory" in options.checks:
        results["memory"] = bench.memory([options.records, 10 * options.records])
    results["machine"]["load at the end"] = round(os.getloadavg()[0], 1)
    _write(results, options.results)
    print(report.markdown(results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=_some_of(list(JOBS)), default=list(JOBS))
    parser.add_argument("--checks", type=_some_of(list(CHECKS)), default=list(CHECKS))
    parser.add_argument("--peers", type=_some_of(PEERS), default=PEERS)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=HERE / "work")
    parser.add_argument("--results", type=Path, default=HERE / "results.json")
    return parser.parse_args()


def _some_of(known: list[str]) -> Any:
    def parse(value: str) -> list[str]:
        chosen = [name for name in value.split(",") if name]
        if unknown := set(chosen) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not among {', '.join(known)}")
        return chosen

    return parse


def _machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "python": platform.python_version(),
        "load at the start": round(os.getloadavg()[0], 1),
    }


def _write(results: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
