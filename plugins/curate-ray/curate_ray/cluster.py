"""A cluster: one that is there already, or one of this machine's own that ends with the run."""

import logging
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from curate.errors import OutageError
from curate_ray.telling import first_line

Node = Mapping[str, float]
"""What a node of the cluster has in all: `CPU`, `GPU`, `memory` (bytes), and its own resources."""


@contextmanager
def connected(address: str | None) -> Iterator[Sequence[Node]]:
    """Connect to a cluster and yield its nodes; leave it, and end it if it is ours.

    Raises:
        OutageError: there is none at the address, or none could be started.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # before ray is imported: it reports to nobody
    import ray
    from ray.exceptions import RayError

    folder = tempfile.mkdtemp(prefix="curate-") if address is None else None
    # RAY_ADDRESS would stand in for None; and a cluster that was asked for is never started here
    options = {"_temp_dir": folder, "include_dashboard": False} if folder else {}
    try:
        try:
            _knock(address)
            ray.init(
                address=address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                **options,
            )
        except (ConnectionError, RuntimeError, ValueError, OSError, RayError) as error:
            where = f"no Ray cluster at {address}" if address else "Ray does not start here"
            raise OutageError(f"{where}: {first_line(error)}") from error
        yield [node["Resources"] for node in ray.nodes() if node["Alive"]]
    finally:
        ray.shutdown()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _knock(address: str | None) -> None:
    """Raise OSError where nobody listens at HOST:PORT: Ray would try for minutes."""
    host, _, port = (address or "").removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
