"""A control group for one command: the kernel's own count of the CPU time of a process tree.

Ray's daemons leave their workers to the kernel (they ignore SIGCHLD), so no parent ever learns
what those used; only a control group does. Needs cgroup v2 and the right to make a group.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


class Group:
    """A fresh control group."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def command(self, command: list[str]) -> list[str]:
        """Return a command that enters the group and then becomes `command`."""
        return ["/bin/sh", "-c", f'echo $$ > "{self.path}/cgroup.procs"; exec "$@"', "sh", *command]

    def cpu_seconds(self) -> float:
        """Return user and system time of everything that ever ran in the group."""
        lines = (self.path / "cpu.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6

    def processes(self) -> list[int]:
        """Return the ids of the processes that are in the group now."""
        return [int(each) for each in (self.path / "cgroup.procs").read_text().split()]


@contextlib.contextmanager
def group() -> Iterator[Group | None]:
    """Yield a fresh group, or None where this machine or account cannot make one."""
    path = _make()
    try:
        yield None if path is None else Group(path)
    finally:
        if path is not None:
            with contextlib.suppress(OSError):  # a last zombie: an empty group does no harm
                path.rmdir()


def _make() -> Path | None:
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = next((line[4:] for line in lines if line.startswith("0::/")), "")
    for mount in MOUNTS:
        path = mount / own / f"bench-{os.getpid()}-{time.monotonic_ns()}"
        with contextlib.suppress(OSError):
            path.mkdir()
            if (path / "cpu.stat").exists():
                return path
            path.rmdir()
    return None
