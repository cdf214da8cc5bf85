"""What a gate costs beside the run of the same plan, and how soon it says the first thing.

    python benchmarks/gate.py [--rows 100000] [--runs 3] [--workers 2]

The plan flags the hits of the regex packs. CPU seconds are those of the whole process tree, the
least of the runs, which take turns. The first finding is timed from the start of the process to the
first byte it prints, on a corpus whose first row has a hit.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import rows
from measure import measure

PACKS = ("secrets", "pii", "refusals", "provider-identity", "date-claims", "special-tokens")
PLAN = "steps:\n" + "".join(
    f"  - {{use: regex, name: {pack}, with: {{pack: {pack}, scope: conversation}}}}\n"
    for pack in PACKS
)
LEAK = {"text": "the key is AKIAIOSFODNN7EXAMPLD indeed"}
ONE_RULE = "version: 1\nrules: [hits.secrets == 0]\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--workers", default="2")
    given = arguments.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")  # as an installation has it
        _make(folder, given.rows)
        _cost(folder, given.runs, given.workers)
        _first(folder, given.runs * 3)


def _make(folder: Path, count: int) -> None:
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "policy.yaml").write_text(ONE_RULE)
    with (folder / "rows.jsonl").open("w") as file:
        file.write(json.dumps(LEAK) + "\n")
        file.writelines(f"{line}\n" for _, line in islice(rows(count * 2, 7), count - 1))


def _cost(folder: Path, runs: int, workers: str) -> None:
    corpus, plan = folder / "rows.jsonl", folder / "plan.yaml"
    curate = [sys.executable, "-m", "curate"]
    gate = [*curate, "gate", corpus, "--plan", plan, "--workers", workers]
    commands = {
        "run": [*curate, "run", plan, corpus, "--out", folder / "out", "--workers", workers],
        "gate, all packs": gate,
        "gate, one rule": [*gate, "--policy", folder / "policy.yaml"],
        "gate, sarif": [
            *gate,
            "--policy",
            folder / "policy.yaml",
            "--format",
            "sarif",
            "--output",
            folder / "out.sarif",
        ],
        "gate, teachers": [*gate, "--policy", _teachers(folder)],
    }
    least: dict[str, tuple[float, float, float]] = {}
    for _ in range(runs):
        for name, command in commands.items():
            used = measure(command, folder / "log", dict(os.environ))
            assert used.code == (name != "run"), (folder / "log").read_text()[-2000:]
            shutil.rmtree(folder / "out", ignore_errors=True)
            known = least.get(name, (float("inf"),) * 3)
            least[name] = min(known, (used.cpu, used.wall, used.pss))
    print("                  CPU s  of the run  wall s     MB")
    for name, (cpu, wall, pss) in least.items():
        print(f"{name:16} {cpu:6.2f}  {cpu / least['run'][0]:10.2f}  {wall:6.2f}  {pss:5.0f}")


def _teachers(folder: Path) -> Path:
    path = folder / "teachers.yaml"
    path.write_text('version: 1\nrules: ["hits.secrets == 0", "teacher.gpt-4 == 0"]\n')
    return path


def _first(folder: Path, runs: int) -> None:
    (folder / "secrets.yaml").write_text("steps: [{use: regex, with: {pack: secrets}}]\n")
    command = [sys.executable, "-m", "curate", "gate", folder / "rows.jsonl", "--plan"]
    for plan in ("plan.yaml", "secrets.yaml"):
        seconds = sorted(_until_it_speaks([*command, folder / plan]) for _ in range(runs))
        middle = seconds[len(seconds) // 2]
        told = f"{seconds[0]:.2f} to {seconds[-1]:.2f} s, median {middle:.2f}, {runs} tries"
        print(f"first finding with {plan}: {told}")


def _until_it_speaks(command: list[str | Path]) -> float:
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as gate:
        assert gate.stdout is not None
        assert gate.stdout.read(1)
        seconds = time.perf_counter() - start
        gate.terminate()
    return seconds


if __name__ == "__main__":
    main()
