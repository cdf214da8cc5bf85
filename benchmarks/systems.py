"""What is compared: the jobs, and the command each system runs a job with."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

JOBS = {
    "io": "read and write, keep everything",
    "abc": "20 regexes, Gopher-like rules, exact duplicates",
    "ab": "20 regexes, Gopher-like rules",
    "abn": "20 regexes, Gopher quality and repetition as each system ships them",
}
SHARE = {"abn": 0.2}
"""Jobs that get only a share of the records: datatrove's own rules take 5 ms a record."""


@dataclass(frozen=True)
class System:
    """One way to run the jobs."""

    name: str
    environment: str
    jobs: tuple[str, ...]
    kept: str = "kept.jsonl"
    """The files of kept rows, below the output folder."""
    workers: int = 1

    @property
    def is_curate(self) -> bool:
        """Whether it is this project and not a peer."""
        return self.environment.startswith("curate")

    def command(self, python: Path, job: str, shards: Path, out: Path) -> list[str | Path]:
        """Return the command line that runs `job` with the environment of `python`."""
        workers = str(self.workers)
        if self.is_curate:
            files = sorted(shards.glob("*.jsonl"))
            plan = HERE / "plans" / f"{job}.yaml"
            curate = python.with_name("curate")
            return [curate, "run", plan, *files, "--out", out, "--workers", workers, "--fresh"]
        script = "bare_loop" if self.environment == "tools" else f"{self.environment}_job"
        return [python, HERE / "peers" / f"{script}.py", job, shards, out, workers]


CURATE = System("curate[fast]", "curate", tuple(JOBS))
ALL = [
    CURATE,
    System("curate[fast], 2 workers", "curate", tuple(JOBS), workers=2),
    System("curate, no extras", "curate_core", tuple(JOBS)),
    System("bare loop", "tools", ("io",)),
    System("datatrove", "datatrove", ("io", "abc", "abn"), kept="kept/*.jsonl"),
    System("datasets", "datasets", ("io", "abc")),
    System("dolma", "dolma", ("io", "abc"), kept="kept/documents/*.jsonl"),
    System("data-juicer", "data_juicer", ("io", "abc")),
    System("nemo", "nemo", ("io", "ab"), kept="kept/*.jsonl"),
]
PEERS = [system.name for system in ALL if not system.is_curate and system.name != "bare loop"]
