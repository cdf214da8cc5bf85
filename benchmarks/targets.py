"""What curate set out to reach, next to what was measured."""

from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

from systems import CURATE, PEERS

Found = dict[str, Any]
TWO_WORKERS = f"{CURATE.name}, 2 workers"


class Target(NamedTuple):
    """A limit and the figure it limits."""

    what: str
    limit: str
    figure: float
    met: bool


def reached(results: Found) -> Iterator[Target]:
    """Yield every target the results say something about."""
    for job, least in (("abc", 8), ("ab", 8), ("abn", 8), ("io", 2)):
        systems = results["jobs"].get(job, {}).get("systems", {})
        for peer in PEERS:
            if ratio := _ratio(systems, peer, CURATE.name, "cpu"):
                yield _at_least(f"job `{job}`: CPU of {peer} / curate", ratio, least)
    io = results["jobs"].get("io", {}).get("systems", {})
    if ratio := _ratio(io, CURATE.name, "bare loop", "cpu"):
        yield _at_most("job `io`: CPU of curate / bare loop", ratio, 4)
    if "verdicts" in results["jobs"].get("abn", {}):
        same = results["jobs"]["abn"]["verdicts"]["same"]
        yield _at_least("job `abn`: share of verdicts like datatrove's", same, 0.99)
    abc = results["jobs"].get("abc", {}).get("systems", {})
    if ratio := _ratio(abc, TWO_WORKERS, CURATE.name, "wall"):
        yield _at_most("job `abc`: wall time, two workers / one", ratio, 0.6)
    yield from _alone(results)


def _alone(results: Found) -> Iterator[Target]:
    for run in results.get("memory", []):
        if run["runs"]:
            what = f"largest process, MB: {run['system']}, job `{run['job']}`, {run['records']:,}"
            yield _at_most(what, run["runs"][0]["rss"], 200)
    if "help" in results:
        yield _at_most("`curate --help`: CPU s, median of 5", median(results["help"]), 0.25)
    if core := results["install"].get("curate_core"):
        yield _at_most("install without extras: MB", core["mb"], 60)
        yield _at_most("install without extras: packages", core["packages"], 20)


def _ratio(systems: Found, above: str, below: str, key: str) -> float | None:
    medians: list[float] = []
    for name in (above, below):
        runs = systems.get(name, {}).get("runs")
        if not runs:
            return None
        medians.append(median(run[key] for run in runs))
    return medians[0] / medians[1]


def _at_least(what: str, figure: float, least: float) -> Target:
    return Target(what, f"at least {least}", figure, figure >= least)


def _at_most(what: str, figure: float, most: float) -> Target:
    return Target(what, f"at most {most}", figure, figure <= most)
