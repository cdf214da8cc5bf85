"""A cluster: one that is there already, or one of this machine's own that ends with the run."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from curate.errors import OutageError
from curate_ray.head import Head, greet
from curate_ray.telling import first_line

Node = Mapping[str, float]
"""What a node of the cluster has in all: `CPU`, `GPU`, `memory` (bytes), and its own resources."""
AUTO = "auto"
"""The address of the cluster that this machine is part of."""
ADDRESS = r"(ray://)?[^\s/]+:[1-9]\d{0,4}"
"""What leads to a head: a host and a port."""
_CLIENT = "ray://"
"""What an address begins with that leads to a stand-in inside the cluster, not to its head."""
_HINT = "; if it wants a token: that is RAY_AUTH_TOKEN, with RAY_AUTH_MODE=token"
"""Ray prints that a token is missing, and raises that it cannot connect."""


class Cluster(NamedTuple):
    """What a run knows of its cluster."""

    nodes: Sequence[Node]
    head: Head


@contextmanager
def connected(address: str | None) -> Iterator[Cluster]:
    """Connect to a cluster and yield it; leave it, and end it if it is ours.

    Raises:
        OutageError: there is none at the address, or none could be started.
    """
    # before ray is imported: it reports to nobody, and looks for no other cluster where one is lost
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_AUTO_CONNECT": "0"}
    import ray
    from ray.exceptions import RayError

    folder = tempfile.mkdtemp(prefix="curate-") if address is None else None
    # RAY_ADDRESS would stand in for None; and a cluster that was asked for is never started here
    options = {"_temp_dir": folder, "include_dashboard": False} if folder else {}
    hint = ""
    try:
        try:
            if address:
                address = _found(address)
                greet(address.removeprefix(_CLIENT))
                hint = _HINT
            ray.init(
                address=address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                **options,
            )
        except (ConnectionError, RuntimeError, ValueError, OSError, RayError) as error:
            where = f"no Ray cluster at {address}" if address else "Ray does not start here"
            raise OutageError(f"{where}: {first_line(error)}{hint}") from error
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        if address and address.startswith(_CLIENT):
            head = Head(address.removeprefix(_CLIENT))
        else:
            head = Head(ray.get_runtime_context().gcs_address)
        yield Cluster(nodes, head)
    finally:
        ray.shutdown()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def _found(address: str) -> str:
    """Return the address that `auto` stands for: Ray would wait for ever where that one is gone.

    Raises:
        ConnectionError: this machine is part of no cluster.
    """
    if address == AUTO:
        address = os.environ.get("RAY_ADDRESS") or AUTO
    if address == AUTO:
        from ray._private.services import canonicalize_bootstrap_address

        address = str(canonicalize_bootstrap_address(AUTO))
    return address
