"""One Ray cluster for all tests: a head, and nodes that may go."""

import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

# without the package there is nothing to test; where it is installed, nothing is skipped
collect_ignore_glob = [] if find_spec("ray") and find_spec("curate_ray") else ["test_*.py"]

# In the background of a script Ctrl-C is ignored, and so it would be by the runs that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

if not collect_ignore_glob:
    from ray_machines import Machines


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables of every process: they see the works and filters of these tests."""
    site = tmp_path_factory.mktemp("site")
    info = site / "ray_filters-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ray-filters\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[curate.plugins]\nray_filters = ray_filters\n")
    paths = (str(HERE), str(site), os.environ.get("PYTHONPATH"))
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "RAY_USAGE_STATS_ENABLED": "0"}


@pytest.fixture(scope="session")
def cluster(surroundings: dict[str, str]) -> Iterator["Machines"]:
    made = Machines(surroundings)
    yield made
    made.end()


@pytest.fixture
def machines(cluster: "Machines") -> Iterator["Machines"]:
    """The cluster, for a test that adds nodes to it or kills them: after it, the head is alone."""
    yield cluster
    cluster.only_the_head()
