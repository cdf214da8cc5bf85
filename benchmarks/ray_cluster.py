"""A Ray cluster of one node on this machine, apart from what is measured with it.

python ray_cluster.py CPUS        # prints its address, and ends when standard input does
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import cgroup

STORE = 300 * 10**6
"""Bytes of shared memory for answers on their way."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that is up."""

    address: str
    cpu_seconds: Callable[[], float]
    """What all its processes have used so far; of no meaning where no control group can be made."""
    processes: Callable[[], list[int]]
    """The ids of all its processes; none where no control group can be made."""


@contextmanager
def cluster(cpus: int = 2) -> Iterator[Cluster]:
    """Start a cluster, yield it, and end it."""
    with cgroup.group() as group:
        line = [sys.executable, __file__, str(cpus)]
        child = subprocess.Popen(
            group.command(line) if group else line,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            address = child.stdout.readline().strip()
            if not address:
                raise SystemExit("Ray does not start here")
            yield Cluster(
                address,
                group.cpu_seconds if group else lambda: float("nan"),
                group.processes if group else list,
            )
        finally:
            child.stdin.close()
            child.wait()


def main() -> None:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it reports to nobody
    from ray.cluster_utils import Cluster as Local

    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        node = {
            "num_cpus": int(sys.argv[1]), "include_dashboard": False,
            "object_store_memory": STORE, "temp_dir": folder,
        }  # fmt: skip
        made = Local(initialize_head=True, head_node_args=node)
        print(made.address, flush=True)
        sys.stdin.read()
        made.shutdown()


if __name__ == "__main__":
    main()
