"""Fixtures every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that all processes of this test run share, for what takes long to make."""
    folder = tmp_path_factory.getbasetemp()
    apart = "PYTEST_XDIST_WORKER" in os.environ  # each has a folder of its own, side by side
    return (folder.parent if apart else folder) / "cache"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real corpora; tests that need it skip loudly where it is missing."""
    folder = Path(os.environ.get("CURATE_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real corpora at {folder}: set CURATE_TEST_DATA")
    return folder
