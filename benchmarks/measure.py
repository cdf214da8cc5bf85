"""Run one command and measure what its whole tree of processes used (Linux only).

CPU time comes from a control group, or, where none can be made, from the processes waited for.
The caller becomes the reaper of orphans (PR_SET_CHILD_SUBREAPER), so helpers that outlive the
command (Ray's daemons, fork servers) come back here, are ended, and are counted.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cgroup

PR_SET_CHILD_SUBREAPER = 36
SAMPLE = 0.25
GRACE = 5.0
"""Seconds between two looks at memory, and seconds helpers get to end by themselves."""


@dataclass(frozen=True)
class Usage:
    """What a command used. CPU and wall time in seconds, memory in MB (10^6 bytes)."""

    cpu: float
    """User and system time of every process of the tree."""
    wall: float
    """Until the command itself ended."""
    rss: float
    """Largest resident set any single process ever had, as the kernel keeps it."""
    pss: float
    """Peak of the sum over all processes (shared pages counted once), sampled."""
    code: int
    """Exit code; negative where a signal ended the command."""
    counted_by: str
    """`cgroup`, or `wait4` (which misses Ray's workers: in NeMo Curator's favour)."""


def measure(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str], timeout: float = 7200
) -> Usage:
    """Run `command` with its output in `log`, and return what it and all its descendants used."""
    _adopt_orphans()
    line = [str(part) for part in command]
    with cgroup.group() as group, log.open("wb") as output:
        start = time.perf_counter()
        child = subprocess.Popen(
            group.command(line) if group else line,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
        )
        watch = _MemoryWatch()
        alarm = threading.Timer(timeout, child.kill)
        alarm.start()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        waited = [used, *_reap_helpers()]
        return Usage(
            cpu=group.cpu_seconds() if group else sum(u.ru_utime + u.ru_stime for u in waited),
            wall=wall,
            rss=max(u.ru_maxrss for u in waited) * 1024 / 1e6,
            pss=watch.stop() / 1e6,
            code=child.returncode,
            counted_by="cgroup" if group else "wait4",
        )


class _MemoryWatch:
    """Adds up the PSS of all descendants four times a second."""

    def __init__(self) -> None:
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the peak in bytes."""
        self._done.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._done.wait(SAMPLE):
            self._peak = max(self._peak, sum(map(_pss, _descendants(os.getpid()))))


def _adopt_orphans() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot become the reaper of orphaned helpers")


def _reap_helpers() -> Iterator[resource.struct_rusage]:
    """Wait for every helper the command left behind, ending those that stay; yield their usage."""
    deadline = time.monotonic() + GRACE
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield usage
        elif time.monotonic() > deadline:
            for helper in _descendants(os.getpid()):
                _end(helper)
        time.sleep(0 if pid else 0.05)


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parent = _parent(entry)
            if parent is not None:
                children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parent(process: Path) -> int | None:
    try:
        stat = (process / "stat").read_text(errors="replace")
    except OSError:  # it has ended meanwhile
        return None
    return int(stat.rpartition(")")[2].split()[1])


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(sizes[0]) * 1024 if sizes else 0
