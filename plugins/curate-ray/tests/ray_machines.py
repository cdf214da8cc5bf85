"""A cluster of several nodes on one machine, as processes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

# a node that is gone counts for 5 s more: workers are put there, and lost
NOTICING = {
    "health_check_initial_delay_ms": 1000,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 10,
    "prestart_worker_first_driver": False,
}


class Machines:
    """A head with one CPU, and nodes that come and go."""

    def __init__(self, surroundings: dict[str, str]) -> None:
        self.surroundings = surroundings
        with self._surrounded():
            from ray.cluster_utils import Cluster

            self._cluster = Cluster(
                initialize_head=True,
                head_node_args={
                    "num_cpus": 1,
                    "include_dashboard": False,
                    "object_store_memory": 10**8,
                    "_system_config": NOTICING,
                },
            )
        self.address: str = self._cluster.address
        self.head = self._cluster.head_node
        self.nodes: list[Any] = []

    def add(self, cpus: int = 2) -> Any:
        """Add a node."""
        with self._surrounded():
            node = self._cluster.add_node(num_cpus=cpus, object_store_memory=10**8)
        self.nodes.append(node)
        return node

    def kill(self, node: Any) -> None:
        """Kill a node as a power cut would."""
        self.nodes.remove(node)
        self._cluster.remove_node(node, allow_graceful=False)

    def kill_the_head(self) -> None:
        """Kill what makes a node the head; its workers live on."""
        self.head.kill_gcs_server(check_alive=False)

    def are_noticed(self) -> bool:
        """Say whether the cluster knows that the nodes that were killed are gone."""
        import ray

        return sum(node["Alive"] for node in ray.nodes()) == 1 + len(self.nodes)

    def only_the_head(self) -> None:
        """Send the nodes away, and wait until the cluster knows that they and others are gone."""
        for node in self.nodes:
            self._cluster.remove_node(node)
        self.nodes.clear()
        self._cluster.wait_for_nodes()

    def end(self) -> None:
        self._cluster.shutdown()

    def busy(self) -> list[Any]:
        """Return the nodes that have actors of a run."""
        parents = {parent for parent, command in _commands() if command.startswith("ray::Worker")}
        return [n for n in (self.head, *self.nodes) if _raylet(n) in parents]

    @contextmanager
    def _surrounded(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.surroundings.items():
                patch.setenv(name, value)
            yield


def _raylet(node: Any) -> int:
    return int(node.all_processes["raylet"][0].process.pid)


def _commands() -> Iterator[tuple[int, str]]:
    """Yield the parent of every process, and the command it shows."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            yield parent, (folder / "cmdline").read_bytes().decode(errors="replace")
