"""Installing, running and comparing, all below one work folder."""

import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import agreement
import environments
from measure import Usage, measure
from systems import CURATE, SHARE, System

HERE = Path(__file__).resolve().parent
Found = dict[str, Any]


class Bench:
    """One benchmark.

    Args:
        work: Where environments, corpora, outputs and logs go.
        runs: How often each system does each job.
        systems: Who takes part.
    """

    def __init__(self, work: Path, runs: int, systems: list[System]) -> None:
        self.work, self.runs, self.systems = work, runs, systems
        self.environments = work / "environments"
        self.broken: dict[str, str] = {}
        (work / "logs").mkdir(parents=True, exist_ok=True)

    def install(self) -> Found:
        """Make the environments (curate's always anew) and say what curate's took."""
        footprints: Found = {}
        for name in dict.fromkeys(["tools", *(system.environment for system in self.systems)]):
            _say(f"environment {name}")
            try:
                if name.startswith("curate"):
                    footprints[name] = asdict(environments.install(name, self.environments))
                else:
                    environments.ensure(name, self.environments)
            except environments.InstallError as error:
                self.broken[name] = f"did not install: {error}"
                _say(self.broken[name])
        return footprints

    def job(self, job: str, records: int) -> Found:
        """Let every system that can do `job` do it, in turn, and compare what they kept."""
        records = int(records * SHARE.get(job, 1))
        shards = self._corpus(records)
        able = [system for system in self.systems if job in system.jobs]
        found: dict[str, Found] = {system.name: {"runs": []} for system in able}
        for turn in range(1, self.runs + 1):
            for system in able:
                if "error" not in found[system.name]:
                    _say(f"job {job}, {records:,} records, run {turn}/{self.runs}: {system.name}")
                    self._run(system, job, shards, found[system.name])
        self._compare(job, able, found)
        result: Found = {"records": records, "systems": found}
        peer = next((system for system in able if system.name == "datatrove"), None)
        if job == "abn" and peer and not any("error" in found[s.name] for s in (peer, CURATE)):
            result["verdicts"] = self._verdicts(peer, shards)
        shutil.rmtree(self.work / "out" / job)
        return result

    def help(self) -> list[float]:
        """Return the CPU seconds of five times `curate --help`."""
        curate = self._python(CURATE).with_name("curate")
        log = self.work / "logs" / "help.log"
        return [measure([curate, "--help"], log, os.environ).cpu for _ in range(5)]

    def memory(self, sizes: list[int]) -> list[Found]:
        """Measure curate's memory on corpora of these sizes, without and with duplicates."""
        found = []
        for records in sizes:
            shards = self._corpus(records)
            for system in self.systems:
                for job in ("ab", "abc") if system.environment == "curate" else ():
                    _say(f"memory, job {job}, {records:,} records: {system.name}")
                    result: Found = {"runs": []}
                    self._run(system, job, shards, result)
                    about = {"system": system.name, "job": job, "records": records}
                    found.append(about | result)
                    shutil.rmtree(self._out(job, system), ignore_errors=True)
        return found

    def _run(self, system: System, job: str, shards: Path, found: Found) -> None:
        """Run once and note what it used, or the end of its log where it failed."""
        if system.environment in self.broken:
            found["error"] = self.broken[system.environment]
            return
        out = self._out(job, system)
        out.parent.mkdir(parents=True, exist_ok=True)
        usage = self._measured(system, system.command(self._python(system), job, shards, out), job)
        if usage.code == 0:
            found["runs"].append(asdict(usage))
        else:
            log = self._log(job, system).read_text(errors="replace").splitlines()
            found["error"] = "\n".join([f"exit code {usage.code}", *log[-12:]])
            _say(found["error"])

    def _measured(self, system: System, command: list[str | Path], job: str) -> Usage:
        extra = {} if system.is_curate else {"PYTHONPATH": str(HERE)}
        return measure(command, self._log(job, system), {**os.environ, **extra})

    def _compare(self, job: str, able: list[System], found: dict[str, Found]) -> None:
        """Note how many rows each system kept, and how they differ from the first one's."""
        reference: dict[str, str] | None = None
        for system in able:
            result = found[system.name]
            if "error" in result:
                continue
            kept = agreement.kept_rows(self._out(job, system), system.kept)
            result["kept"] = len(kept)
            if reference is None:
                reference = kept
            elif job != "abn":  # there the rules differ by design; `_verdicts` tells how
                kinds = agreement.differences(reference, kept)
                result["differences"] = agreement.shortened(kinds)

    def _verdicts(self, datatrove: System, shards: Path) -> Found:
        """Run datatrove once more, keeping what it drops and why, and compare record by record."""
        _say("job abn once more, not timed: datatrove with its reasons")
        out = self._out("abn", datatrove)
        command = datatrove.command(self._python(datatrove), "abn", shards, out)
        self._measured(datatrove, [*command, "why"], "abn")
        same, kinds = agreement.verdicts(self._out("abn", CURATE), out)
        return {"same": same, "kinds": agreement.shortened(kinds)}

    def _corpus(self, records: int) -> Path:
        folder = self.work / "corpora" / str(records)
        if not folder.exists():
            _say(f"corpus of {records:,} records")
            tools = environments.python("tools", self.environments)
            making = folder.with_suffix(".part")
            script = HERE / "corpus.py"
            subprocess.run([tools, script, making, str(records)], check=True)
            making.rename(folder)
        return folder

    def _python(self, system: System) -> Path:
        return environments.python(system.environment, self.environments)

    def _out(self, job: str, system: System) -> Path:
        return self.work / "out" / job / f"{system.environment}_{system.workers}"

    def _log(self, job: str, system: System) -> Path:
        return self.work / "logs" / f"{job}_{system.environment}_{system.workers}.log"


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
