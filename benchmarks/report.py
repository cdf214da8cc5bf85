"""The results as Markdown tables.

python benchmarks/report.py [results.json]
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from systems import CURATE, JOBS
from targets import reached

Found = dict[str, Any]


def markdown(results: Found) -> str:
    """Return every table, as one text."""
    machine = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    parts = [f"{machine}; runs of each, in turn: {results['runs']}."]
    parts.append(_targets(results))
    parts += [_job(name, job) for name, job in results["jobs"].items()]
    parts.append(_curate_alone(results))
    return "\n\n".join(parts) + "\n"


def _targets(results: Found) -> str:
    lines = ["| target | limit | measured | met |", "|---|---|---|---|"]
    for target in reached(results):
        met = "yes" if target.met else "**no**"
        lines.append(f"| {target.what} | {target.limit} | {target.figure:.3g} | {met} |")
    return "\n".join(lines)


def _job(name: str, job: Found) -> str:
    head = [
        f"### Job `{name}`: {JOBS[name]}, {job['records']:,} records",
        "",
        "| system | CPU s (least to most) | CPU / curate | wall s | memory MB | kept | rows |",
        "|---|---|---|---|---|---|---|",
    ]
    ours = _cpu(job["systems"].get(CURATE.name, {}))
    rows = [_system(system, found, ours) for system, found in job["systems"].items()]
    errors = [
        f"{system} failed:\n\n```\n{found['error']}\n```"
        for system, found in job["systems"].items()
        if "error" in found
    ]
    return "\n\n".join(["\n".join(head + rows), *_explained(job), *errors])


def _system(name: str, found: Found, ours: float | None) -> str:
    if "error" in found:
        return f"| {name} | failed, see below | | | | | |"
    runs = found["runs"]
    cpu = _cpu(found) or 0.0
    spread = f"{min(r['cpu'] for r in runs):.2f} to {max(r['cpu'] for r in runs):.2f}"
    ratio = f"{cpu / ours:.2f}" if ours else ""
    wall, pss = (median(run[key] for run in runs) for key in ("wall", "pss"))
    kept = found.get("kept")
    return (
        f"| {name} | {cpu:.2f} ({spread}) | {ratio} | {wall:.1f} | {pss:.0f} "
        f"| {kept:,} | {_agrees(found)} |"
    )


def _agrees(found: Found) -> str:
    kinds = found.get("differences")
    if kinds is None:  # the first one, which the others are compared with
        return ""
    return ", ".join(f"{kind}: {about['count']:,}" for kind, about in kinds.items()) or "the same"


def _explained(job: Found) -> Iterator[str]:
    verdicts = job.get("verdicts")
    if verdicts is None:
        return
    lines = [f"curate and datatrove agree on {verdicts['same']:.2%} of the records."]
    if verdicts["kinds"]:
        lines += ["", "| the others | records | for example |", "|---|---|---|"]
    for kind, about in verdicts["kinds"].items():
        lines.append(f"| {kind} | {about['count']} | {about['examples'][0]} |")
    yield "\n".join(lines)


def _curate_alone(results: Found) -> str:
    lines = ["### curate alone", ""]
    for name, footprint in results["install"].items():
        lines.append(
            f"- environment `{name}`: {footprint['mb']:.1f} MB on disk with bytecode, "
            f"{footprint['packages']} packages, itself included; {footprint['seconds']:.0f} s"
        )
    if "help" in results:
        lines.append(f"- `curate --help`: {median(results['help']):.3f} s CPU (median of 5)")
    return "\n".join(lines + _memory(results.get("memory", [])))


def _memory(found: list[Found]) -> list[str]:
    if not found:
        return []
    lines = [
        "",
        "| memory, MB | records | largest process | all processes | CPU s |",
        "|---|---|---|---|---|",
    ]
    sizes: dict[str, list[tuple[int, float]]] = {}
    for run in found:
        name = f"{run['system']}, job `{run['job']}`"
        about = f"| {name} | {run['records']:,} "
        if "error" in run:
            lines.append(f"{about}| failed: {run['error'].splitlines()[0]} | | |")
        else:
            use = run["runs"][0]
            lines.append(f"{about}| {use['rss']:.0f} | {use['pss']:.0f} | {use['cpu']:.1f} |")
            sizes.setdefault(name, []).append((run["records"], use["pss"]))
    lines.append("")
    for name, measured in sizes.items():
        (few, small), (many, large) = measured[0], measured[-1]
        if few == many:  # the other size failed
            continue
        growth = (large - small) / (many - few) * 1e6
        lines.append(
            f"- {name}: all processes together grow by {growth:.0f} MB per million records"
        )
    return lines


def _cpu(found: Found) -> float | None:
    runs = found.get("runs")
    return median(run["cpu"] for run in runs) if runs else None


if __name__ == "__main__":
    path = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("results.json")
    print(markdown(json.loads(path.read_text())))
